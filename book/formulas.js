/* MathJax without a page: what it makes of a formula is given back as text. */
const { adaptors, handlers, a11y, input, output, mathjax, util } = MathJax._;
const adaptor = adaptors.liteAdaptor.liteAdaptor();
a11y["assistive-mml"].AssistiveMmlHandler(handlers.html_ts.RegisterHTMLHandler(adaptor));

const OutputJax = new output.chtml_ts.CHTML({
  font: new output.chtml.fonts.tex_ts.TeXFont({ fontURL: "mathjax" }),
  adaptiveCSS: false, // the styles of all characters: formulas.py keeps those that pages show
  matchFontHeight: false, // there is no text around it to measure
  scale: 1.15,
});
const InputJax = new input.tex_ts.TeX({ packages: ["base", "ams", "noundefined"] });
const page = mathjax.mathjax.document("", { InputJax, OutputJax });

/* Return the HTML of a formula, with its MathML, which is read out. */
function typeset(tex, display) {
  const formula = page.convert(tex, { display });
  if (display) adaptor.setAttribute(formula, "tabindex", "0"); // a wide one scrolls, by keyboard too
  return adaptor.outerHTML(formula);
}

/* Return the style sheet of all formulas that there might be. */
function styles() {
  const assistive = new util.StyleList.CssStyles(page.constructor.assistiveStyles);
  return `${adaptor.textContent(OutputJax.styleSheet(page))}\n\n${assistive.cssText}\n`;
}
