/* One cell of a live page: an editor in place of its code, its buttons, its state, its output. */
import { makeEditor } from "./editor.js";

const EXERCISE = /\bcheck\(\s*["']([\w-]+)["']/;

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export class Cell {
  /* `data` is {id, source, runs, torch}, see book/live/cells.py; `actions` are run(cell, above), help(cell, word), change(cell). */
  constructor(box, data, number, words, actions) {
    Object.assign(this, { box, number, words, actions, ...data });
    this.code = this.source;
    this.input = box?.querySelector(".cell_input");
    this.output = box?.querySelector(".cell_output");
    this.stored = this.output ? [...this.output.childNodes] : [];
    this.exercise = this.source.match(EXERCISE)?.[1];
  }

  /* What Python is given: of a cell that needs PyTorch no more than its imports. */
  get asRun() {
    return { id: this.id, source: this.torch ? this.runs : this.code };
  }

  get changed() {
    return this.code !== this.source;
  }

  /* Put an editor in the place of the code, or say why the cell stays as it is. */
  open(code) {
    this.code = code ?? this.source;
    if (!this.input) return;
    if (this.torch) {
      this.input.append(element("span", { class: "live-torch" }, this.words.torch));
      return;
    }
    this.plain = [...this.input.children];
    const place = element("div", { class: "live-editor highlight" });
    this.editor = makeEditor({
      parent: place,
      text: this.code,
      label: filled(this.words.label, { number: this.number }),
      hint: this.words.hint,
      onRun: () => this.actions.run(this, false),
      onChange: (fresh) => this.#edit(fresh),
    });
    this.plain.forEach((child) => (child.hidden = true));
    this.input.append(place, this.#tools());
    this.#mark();
  }

  #tools() {
    const button = (text, onclick, extra = {}) =>
      element("button", { type: "button", onclick, ...extra }, text);
    const { words, actions } = this;
    this.state = element("span", { class: "live-state" });
    this.back = button(words.reset, () => this.reset());
    const all = [
      button(this.exercise ? words.check : words.run, () => actions.run(this, false), {
        class: "live-run",
      }),
    ];
    if (this.exercise) {
      all.push(
        button(words.hint_button, () => actions.help(this, "hint")),
        button(words.solution, () => actions.help(this, "solution")),
      );
    } else all.push(button(words.above, () => actions.run(this, true)));
    return element("div", { class: "live-tools" }, ...all, this.back, this.state);
  }

  #edit(code) {
    this.code = code;
    this.#mark();
    this.actions.change(this);
  }

  #mark() {
    this.back.hidden = !this.changed;
    this.input.classList.toggle("live-changed", this.changed);
  }

  /* Take over code from another tab, or the book's own. */
  reset(code = this.source) {
    if (this.editor && code !== this.editor.text) this.editor.text = code;
  }

  waiting() {
    this.#say("waiting");
  }

  /* A hint or a solution comes below what the cell has shown, which stays. */
  begin(help) {
    if (this.torch) return;
    this.#say("running");
    if (help) return;
    this.fresh = 0;
    this.pictures = 0;
  }

  /* Show what a cell shows, from the first piece on in the place of what was there. */
  show({ kind, text, data, missing }, help = false) {
    if (help) return this.#help(data);
    if (this.torch) return;
    if (!this.output) {
      if (!this.box) return;
      this.output = element("div", { class: "cell_output docutils container" });
      this.box.append(this.output);
    }
    this.#clear();
    this.fresh += 1;
    if (kind === "text") this.#print(text);
    else if (kind === "error") this.output.append(this.#error(text, missing));
    else this.output.append(this.#value(data));
  }

  #clear() {
    if (this.fresh) return;
    this.output.style.minHeight = `${this.output.offsetHeight}px`; // the page should not jump
    this.output.replaceChildren();
  }

  #print(text) {
    const last = this.output.lastElementChild;
    if (last?.matches(".stream")) last.querySelector("pre").append(text);
    else {
      const box = element("div", { class: "highlight" }, element("pre", {}, text));
      this.output.append(element("div", { class: "output stream" }, box));
    }
  }

  #error(text, missing) {
    const shown = missing ? this.words.missing : text;
    return element("pre", { class: "live-error", tabindex: "0" }, shown);
  }

  #value(data) {
    if (data["image/png"]) return this.#picture(`data:image/png;base64,${data["image/png"]}`);
    if (!data["text/html"]) {
      const box = element("div", { class: "highlight" }, element("pre", {}, data["text/plain"]));
      return element("div", { class: "output text_plain" }, box);
    }
    const box = element("div", { class: "output text_html" });
    box.innerHTML = data["text/html"].replace(/href="([\w-]+)\.ipynb#/g, 'href="$1.html#');
    return box;
  }

  /* A figure keeps its caption, its number and its text alternative, unless the code was changed. */
  #picture(src) {
    const pictures = this.stored
      .filter((node) => node.nodeType === Node.ELEMENT_NODE)
      .flatMap((node) => (node.matches("figure, img") ? [node] : [...node.querySelectorAll("img")]));
    const model = pictures[this.pictures++];
    const box = model?.cloneNode(true) ?? element("img");
    const image = box.matches("img") ? box : box.querySelector("img");
    image.src = src;
    image.removeAttribute("srcset");
    image.style.height = "auto";
    if (this.changed || !image.alt) image.alt = this.words.picture;
    return box;
  }

  #help(data) {
    this.helped ??= element("div", { class: "live-help" });
    this.box.append(this.helped);
    this.helped.replaceChildren(this.#value(data));
  }

  end(fine, seconds, help) {
    if (this.torch) return;
    if (this.output && !help) {
      if (!this.fresh) this.output.replaceChildren();
      this.output.style.minHeight = "";
    }
    this.#say(fine ? "done" : "failed", { seconds: seconds.toFixed(seconds < 1 ? 2 : 1) });
    if (!fine && this.box) this.box.querySelectorAll("details").forEach((one) => (one.open = true));
  }

  /* Forget that it was asked for: Python has ended. */
  forget() {
    if (!this.state) return;
    this.state.textContent = "";
    delete this.input.dataset.state;
  }

  #say(state, values = {}) {
    this.said = filled(this.words[state], values);
    if (!this.state) return;
    this.state.textContent = this.said;
    this.input.dataset.state = state;
  }
}
