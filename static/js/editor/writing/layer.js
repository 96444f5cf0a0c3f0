// The editing layer: CodeMirror over a text area, which stays the form's field. Every change goes to the text area at
// once, and what scripts write there comes back as one change that can be undone. Nothing is written unless it changed.
import {
  Annotation, EditorState, EditorView, autocompletion, deleteMarkupBackward, history,
  isolateHistory, keymap, markdownLanguage, placeholder, redo, standardKeymap, startCompletion, undo, undoDepth,
} from "../../../vendor/codemirror.js";
import { fill, gettext } from "../../shared/i18n.js";
import { markMatches, marked } from "../find/marked.js";
import { changed, setLayer } from "../text/text.js";
import { citations } from "./decorations/citations.js";
import { commentedPassages } from "./decorations/comments.js";
import { difference } from "../text/difference.js";
import { checked } from "./decorations/effects.js";
import { openIn, openMarks, opened } from "./emphasis/open_marks.js";
import { enter } from "./keys/enter.js";
import { livePreview } from "./decorations/live_preview.js";
import { phrases } from "./phrases.js";
import { theme } from "./theme.js";

const fromField = Annotation.define(); // marks what the text area has already
const later = {}; // what Tab does in lists, and Enter with Shift, which is loaded once the text can be typed into
import("./keys/lists.js").then((module) => Object.assign(later, module));
import("./keys/loose_break.js").then((module) => Object.assign(later, module));
const { get: read, set: write } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");

// Put a layer over the text area `field` of `form`. `complete` are sources of completions.
export function mount(form, field, complete) {
  const host = document.createElement("div");
  host.className = "text-layer";
  host.dataset.layer = "";
  const root = host.attachShadow({ mode: "open" }); // its style sheets are adopted, which the policy allows
  const { selectionStart: anchor, selectionEnd: head } = field;
  const hadFocus = document.activeElement === field;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: read.call(field),
      selection: { anchor, head },
      extensions: [
        history(),
        markdownLanguage,
        marked,
        autocompletion({ override: complete, icons: false }),
        keymap.of([{ key: "Enter", run: enter, shift: (view) => later.breakLine?.(view) }, { key: "Backspace", run: deleteMarkupBackward }, { key: "Tab", run: (view) => later.indent?.(view), shift: (view) => later.outdent?.(view) }]),
        keymap.of(standardKeymap),
        placeholder(gettext("Write here, or paste a text. Type / for lists, tables and the like.")),
        EditorView.lineWrapping,
        EditorView.scrollMargins.of(() => marginsIn(form)),
        EditorView.perLineTextDirection.of(true),
        EditorView.contentAttributes.of(() => attributesOf(form, field)),
        EditorState.phrases.of(phrases()),
        livePreview,
        citations(form, field),
        commentedPassages(form, field),
        theme,
        EditorView.updateListener.of(({ docChanged, transactions, startState, state }) => {
          if (docChanged) reportSteps(form, field, transactions, startState, state);
          if (!docChanged || transactions.every((transaction) => transaction.annotation(fromField))) return;
          write.call(field, state.doc.toString());
          changed(field);
        }),
        openMarks, // after the text area has the change that it may follow with another
        EditorView.updateListener.of((update) => later.followBreak?.(update)), // once it has followed
      ],
    }),
  });

  // Bring the layer in line with the text area, changing only what differs.
  const adopt = () => {
    const change = difference(view.state.doc.toString(), read.call(field));
    if (change) view.dispatch({ changes: change, annotations: [fromField.of(true), isolateHistory.of("full")] });
  };
  const select = (start, end) => {
    const { length } = view.state.doc;
    view.dispatch({ selection: { anchor: Math.min(start, length), head: Math.min(end, length) } });
  };
  const layer = {
    replace(start, end, insert) {
      view.dispatch({
        changes: { from: start, to: end, insert },
        selection: { anchor: start + insert.length },
        annotations: isolateHistory.of("full"),
        userEvent: "input",
        scrollIntoView: true,
      });
    },
    undo: () => undo(view),
    redo: () => redo(view),
    change: (changes) => view.dispatch({ changes, annotations: isolateHistory.of("full"), userEvent: "input" }),
    mark: (matches, current) => view.dispatch({ effects: markMatches(matches, current) }),
    complete: () => startCompletion(view),
    open: () => openIn(view.state),
    setOpen: (open) => view.dispatch({ effects: opened.of(open) }),
    scrollTo: (offset, y = "center") => view.dispatch({ effects: EditorView.scrollIntoView(offset, { y }) }),
    view,
  };

  const listeners = new AbortController();
  const { signal } = listeners;
  const focus = () => view.focus();
  // What something else selects in the text area, such as an extension of the browser, is selected here.
  const take = () => {
    const [start, end] = selectionIn(field);
    if (start === end) return;
    select(start, end);
    HTMLTextAreaElement.prototype.setSelectionRange.call(field, end, end);
  };
  const forward = () => {
    take();
    focus();
  };
  field.addEventListener("focus", forward, { signal }); // by a label, or a link to the field
  field.addEventListener("input", adopt, { signal, capture: true });
  field.addEventListener("select", take, { signal });
  addEventListener("pageshow", adopt, { signal }); // the browser has put back what was typed before
  form.addEventListener("editor:checked", () => view.dispatch({ effects: checked.of(null) }), { signal });
  form.addEventListener("formdata", ({ formData }) => later.omitBreak?.(view, field.name, formData), { signal });
  host.addEventListener("input", (event) => event.stopPropagation()); // the text area reports it
  // What is typed is meant for the text alone.
  host.addEventListener("keydown", (event) => {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  host.focus = focus;
  Object.defineProperties(field, {
    value: {
      configurable: true,
      get: () => read.call(field),
      set(text) {
        write.call(field, text);
        adopt();
      },
    },
    selectionStart: { configurable: true, get: () => view.state.selection.main.from },
    selectionEnd: { configurable: true, get: () => view.state.selection.main.to },
    setSelectionRange: { configurable: true, value: select },
    focus: { configurable: true, value: focus },
  });
  field.classList.add("text-layer__field");
  field.setAttribute("aria-hidden", "true");
  field.tabIndex = -1;
  field.after(host);
  setLayer(field, layer);
  if (hadFocus) focus();
  form.dispatchEvent(new CustomEvent("editor:layer", { detail: { field } }));

  layer.remove = () => {
    const { from, to } = view.state.selection.main;
    const hadFocus = view.hasFocus;
    listeners.abort();
    setLayer(field, null);
    for (const name of ["value", "selectionStart", "selectionEnd", "setSelectionRange", "focus"]) delete field[name];
    field.classList.remove("text-layer__field");
    field.removeAttribute("aria-hidden");
    field.removeAttribute("tabindex");
    view.destroy();
    host.remove();
    if (!hadFocus) return;
    field.focus();
    field.setSelectionRange(from, to);
  };
  return layer;
}

const ROOM = 12; // pixels

// What lies over the text at the window's edges, in pixels: the caret's line stays between.
function marginsIn(form) {
  const below = [...document.querySelectorAll(".save-bar, .player--docked")].filter((bar) => bar.checkVisibility());
  const bottom = innerHeight - Math.min(innerHeight, ...below.map((bar) => bar.getBoundingClientRect().top));
  return { top: form.querySelector(".tools").offsetHeight + ROOM, bottom: bottom + ROOM };
}

// Tell the form which steps of undoing a change of this text has added or taken.
function reportSteps(form, field, transactions, before, after) {
  const report = (kind) => form.dispatchEvent(new CustomEvent("editor:step", { detail: { field, kind } }));
  const kinds = ["undo", "redo"].filter((kind) => transactions.some((transaction) => transaction.isUserEvent(kind)));
  if (kinds.length) kinds.forEach(report);
  else if (undoDepth(before) !== undoDepth(after)) report("new");
}

const selectionIn = (field) =>
  ["selectionStart", "selectionEnd"].map((name) => Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, name).get.call(field));

// What a screen reader is told, and what the spelling is checked against.
function attributesOf(form, field) {
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent.trim());
  const attributes = {
    "aria-label": nameOf(field),
    "aria-description": described.filter(Boolean).join(" "),
    spellcheck: "true",
    autocorrect: "on",
    autocapitalize: "sentences",
  };
  if (field.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
  const language = form.elements.language?.value.trim();
  return isLanguage(language) ? { ...attributes, lang: language } : attributes;
}

function isLanguage(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false; // mistyped, or half typed
  }
}

// The text's label; a section's text is told from the others by its heading.
function nameOf(field) {
  const label = field.labels[0].textContent.trim();
  const heading = field.closest("[data-card]").querySelector(".section-card__heading input")?.value.trim();
  return heading ? fill(gettext("%(label)s of “%(section)s”"), { label, section: heading }) : label;
}
