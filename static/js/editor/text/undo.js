// Ctrl+Z takes back what was done last, wherever it was: in a text, in a heading, or with the order of the sections.
// Each text's editing layer knows its own changes; the order between them is kept here, and so is what each of them changed:
// for plain source, and for a text whose layer has been taken away since.
import { setOpen } from "../sections/cards.js";
import { difference } from "./difference.js";
import { firstDifference, restructure, structureOf } from "../sections/structure.js";
import { changed, editorOf, layerOf, say } from "./text.js";
import { gettext } from "../../shared/i18n.js";

const TYPING_MS = 1000; // letters typed into a plain field one after another are one step
const LIMIT = 1000; // steps
const LINES = ".section-card__heading input, #id_title";
const TEXTS = `${LINES}, textarea.markdownx-editor`;

export function watchUndo(form) {
  const done = [];
  const undone = [];
  const known = new WeakMap(); // what is in a field
  let structure = structureOf(form);
  let isApplying = false;
  let group = null; // what a single action changes, such as replacing everywhere, is undone together

  const add = (step) => {
    if (!group) {
      group = Symbol();
      queueMicrotask(() => (group = null));
    }
    undone.length = 0;
    done.push(Object.assign(step, { group, at: performance.now() }));
    if (done.length > LIMIT) done.shift();
  };

  // A step in a text: `before` is the whole of it as long as the step goes on, `change` what it did.
  const textStep = (field, before) => {
    const step = { field, layer: layerOf(field), before, change: null };
    const own = () => (step.layer === layerOf(field) ? step.layer : null);
    step.undo = () => own()?.undo() || put(field, step.change, true);
    step.redo = () => own()?.redo() || put(field, step.change, false);
    const last = done.findLast((other) => other.field === field);
    if (last) last.before = undefined;
    add(step);
    return step;
  };
  const textOf = (field) => known.get(field) ?? field.defaultValue;
  let isMoved = false; // the layer has undone or redone a step by other means, such as the browser's menu

  form.addEventListener("editor:layer", ({ detail: { field } }) => known.set(field, field.value));
  form.addEventListener("editor:step", ({ detail: { field, kind } }) => {
    if (isApplying) return;
    if (kind === "new") {
      textStep(field, textOf(field));
      return;
    }
    isMoved = true;
    const [from, to] = kind === "undo" ? [done, undone] : [undone, done];
    const at = from.findLastIndex((step) => step.field === field);
    if (at >= 0) to.push(...from.splice(at, 1));
  });

  form.addEventListener("editor:changed", () => {
    const [before, after] = [structure, structureOf(form)];
    structure = after;
    const place = firstDifference(before, after);
    if (!place || isApplying) return;
    add({ place, undo: () => restructure(form, before) ?? true, redo: () => restructure(form, after) ?? true });
  });

  form.addEventListener("focusin", ({ target }) => target.matches(TEXTS) && known.set(target, target.value));
  form.addEventListener("input", ({ target, inputType, data }) => {
    if (!target.matches(TEXTS)) return;
    const [before, after] = [textOf(target), target.value];
    known.set(target, after);
    const isOwn = isApplying || isMoved;
    isMoved = false;
    if (isOwn || before === after) return;
    let step = done.findLast((other) => other.field === target);
    if (!layerOf(target)) {
      const isTyped = /^(?:insertText|insertLineBreak|deleteContent)/.test(inputType) && (data ?? "").length < 2;
      const isGoingOn = isTyped && step && step === done.at(-1) && !step.layer && step.isTyped && performance.now() - step.at < TYPING_MS;
      if (!isGoingOn) step = textStep(target, before);
      Object.assign(step, { isTyped, at: performance.now() });
    }
    if (step?.before !== undefined) step.change = changeBetween(step.before, after);
  });

  // Apply the last step, and those that were done together with it; returns it, or nothing if there is none.
  const apply = (from, to, name) => {
    for (let step = from.pop(); step; step = from.pop()) {
      isApplying = true;
      const isApplied = step[name](); // not if its text isn't the one that it was made in
      isApplying = false;
      if (!isApplied) continue;
      to.push(step);
      if (from.at(-1)?.group !== step.group) return step;
    }
    return null;
  };

  const show = ({ field, place }) => {
    const card = place ?? field.closest("[data-card]");
    if (place) {
      place.scrollIntoView({ block: "nearest" });
      // The text with the caret may have been moved, or be gone.
      if (document.activeElement === document.body) (place.isConnected ? place : form).querySelector(TEXTS)?.focus({ preventScroll: true });
    } else {
      if (card && card.dataset.card !== "lead") setOpen(card, true);
      field.focus();
      layerOf(field)?.scrollTo(field.selectionStart, "nearest");
    }
  };

  document.addEventListener(
    "keydown",
    (event) => {
      const letter = letterOf(event);
      if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey) || !"zy".includes(letter) || !isFor(form, event)) return;
      event.preventDefault();
      event.stopPropagation();
      const isRedo = letter === "y" || event.shiftKey;
      const step = isRedo ? apply(undone, done, "redo") : apply(done, undone, "undo");
      if (step) {
        show(step);
        say(form, isRedo ? gettext("Redone.") : gettext("Undone."));
      } else {
        say(form, isRedo ? gettext("Nothing to redo.") : gettext("Nothing to undo."));
      }
    },
    true,
  );
}

// The single change from one text to the other, with what it took away and how long the text is then.
function changeBetween(before, after) {
  const { from, to, insert } = difference(before, after) ?? { from: 0, to: 0, insert: "" };
  return { from, removed: before.slice(from, to), insert, length: after.length };
}

// Write what `change` did into the field, or with `isBack` what was there before. Returns whether the text is still the one that
// it was made in.
function put(field, change, isBack) {
  if (!change) return false;
  const { from, length } = change;
  const [old, fresh] = isBack ? [change.insert, change.removed] : [change.removed, change.insert];
  const { value } = field;
  const expected = isBack ? length : length - change.insert.length + change.removed.length;
  if (value.length !== expected || value.slice(from, from + old.length) !== old) return false;
  field.value = value.slice(0, from) + fresh + value.slice(from + old.length);
  field.setSelectionRange(from + fresh.length, from + fresh.length);
  changed(field);
  return true;
}

// The letter on the key, also on keyboards of other scripts.
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code.slice(-1)).toLowerCase();

// Whether the keys are the article's: fields of the settings are the browser's.
function isFor(form, event) {
  const { target } = event;
  if (target.contains(form)) return true; // nothing in it has the focus
  if (!form.contains(target) || target.closest("[data-evidence]")) return false;
  return Boolean(editorOf(target)) || target.matches(LINES) || !target.matches("input, textarea, select");
}
