/* An editor for a cell of Python: CodeMirror, with what a cell needs and no more. */
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/* The classes of the book's own highlighting, so that a cell keeps its colours in both modes. */
const pygments = HighlightStyle.define([
  { tag: tags.comment, class: "c1" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.self], class: "k" },
  { tag: [tags.definitionKeyword, tags.moduleKeyword], class: "kn" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.number, class: "mi" },
  { tag: [tags.string, tags.special(tags.string)], class: "s1" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.meta, class: "nd" },
  { tag: [tags.arithmeticOperator, tags.compareOperator, tags.definitionOperator], class: "o" },
]);

/* Make an editor in `parent`. Shift-Enter calls `onRun`, a change calls `onChange` with the text.
   Tab goes on to what comes next until the reader has clicked or typed; then it indents, and Escape
   before it leaves the editor. Returns its `text`, to read and to set, and `focus`. */
export function makeEditor({ parent, text, label, hint, onRun, onChange }) {
  let begun = false;
  const indents = (command) => (view) => begun && command(view);
  const tab = { key: "Tab", run: indents(indentMore), shift: indents(indentLess) };
  const beginning = EditorView.domEventHandlers({
    keydown: ({ key }) => void (begun ||= !["Tab", "Shift", "Escape"].includes(key)),
    mousedown: () => void (begun = true),
    blur: () => void (begun = false),
  });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(beginning),
        Prec.highest(keymap.of([{ key: "Shift-Enter", run: () => (onRun(), true) }])),
        keymap.of([...defaultKeymap, ...historyKeymap, tab]),
        history(),
        pythonLanguage,
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        syntaxHighlighting(pygments),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-description": hint }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(fresh) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: fresh } });
    },
    focus: () => view.focus(),
  };
}
