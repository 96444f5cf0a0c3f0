// Ctrl+Z takes back what was done last, wherever it was: in a text, in a heading, or with the order of the sections.
// Each text's editing layer knows its own changes; the order between them is kept here.
import { setOpen } from "./sections/cards.js";
import { firstDifference, restructure, structureOf } from "./sections/structure.js";
import { changed, editorOf, layerOf, say } from "./text.js";
import { gettext } from "../shared/i18n.js";

const TYPING_MS = 1000; // letters typed into a heading one after another are one step
const LIMIT = 1000; // steps
const LINES = ".section-card__heading input, #id_title";

export function watchUndo(form) {
  const done = [];
  const undone = [];
  const known = new WeakMap(); // what is in a heading
  let structure = structureOf(form);
  let isApplying = false;
  let group = null; // what a single action changes, such as replacing everywhere, is undone together

  const add = (step) => {
    if (!group) {
      group = Symbol();
      queueMicrotask(() => (group = null));
    }
    undone.length = 0;
    done.push({ ...step, group, at: performance.now() });
    if (done.length > LIMIT) done.shift();
  };

  form.addEventListener("editor:step", ({ detail: { field, kind } }) => {
    if (isApplying) return;
    if (kind === "new") {
      add({ field, undo: () => layerOf(field)?.undo(), redo: () => layerOf(field)?.redo() });
      return;
    }
    // The text was undone by other means, such as the browser's menu.
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

  form.addEventListener("focusin", ({ target }) => target.matches(LINES) && known.set(target, target.value));
  form.addEventListener("input", ({ target }) => {
    if (!target.matches(LINES)) return;
    const [before, after] = [known.get(target) ?? target.defaultValue, target.value];
    known.set(target, after);
    if (isApplying || before === after) return;
    const last = done.at(-1);
    const isGoingOn = last?.field === target && performance.now() - last.at < TYPING_MS;
    const write = (text) => {
      target.value = text;
      changed(target);
      return true;
    };
    if (isGoingOn) done.pop();
    add({ field: target, before: isGoingOn ? last.before : before, undo: () => write(isGoingOn ? last.before : before), redo: () => write(after) });
  });

  // Apply the last step, and those that were done together with it; returns it, or nothing if there is none.
  const apply = (from, to, name) => {
    for (let step = from.pop(); step; step = from.pop()) {
      isApplying = true;
      const isApplied = step[name](); // not if its text has another layer since, which doesn't know the change
      isApplying = false;
      if (!isApplied) continue;
      to.push(step);
      if (from.at(-1)?.group !== step.group) return step;
    }
    return null;
  };

  const show = ({ field, place }) => {
    const card = place ?? field.closest("[data-card]");
    if (place) place.scrollIntoView({ block: "nearest" });
    else {
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

// The letter on the key, also on keyboards of other scripts.
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code.slice(-1)).toLowerCase();

// Whether the keys are the article's: fields of the settings, and texts without a layer, are the browser's.
function isFor(form, event) {
  const { target } = event;
  if (target.contains(form)) return true; // nothing in it has the focus
  if (!form.contains(target) || target.closest("[data-evidence]")) return false;
  const field = editorOf(target);
  return field ? Boolean(layerOf(field)) : target.matches(LINES) || !target.matches("input, textarea, select");
}
