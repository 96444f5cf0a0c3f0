// From something beside the text to its place in the text, and from an offered change into it.
import { cardsOf, setOpen } from "./cards.js";
import { replaceRange, say, unitsBefore } from "./text.js";
import { fill, gettext } from "../words.js";

export function opened(form, id) {
  const field = document.getElementById(id);
  const card = field?.closest("[data-card]");
  if (card && cardsOf(form).includes(card)) setOpen(card, true);
  return field;
}

export function jumpTo(form, { field: id, offset, length = 0 }) {
  const field = opened(form, id);
  const start = unitsBefore(field.value, Number(offset));
  const end = start + unitsBefore(field.value.slice(start), Number(length));
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  field.scrollIntoView({ block: "center" });
}

export function watchPlaces(form) {
  form.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump]");
    const repair = event.target.closest("[data-replace]");
    const entry = event.target.closest("[data-part=outline] a, .alert a[href^='#']");
    if (jump) {
      event.preventDefault();
      jumpTo(form, { field: jump.dataset.jump, offset: jump.dataset.offset, length: jump.dataset.length });
    } else if (repair) {
      event.preventDefault();
      apply(form, repair);
    } else if (entry) {
      const id = entry.hash.slice(1);
      const target = opened(form, id);
      if (!target) return;
      event.preventDefault();
      const card = target.matches("[data-card]") ? target : null;
      if (card && card.dataset.card !== "lead") setOpen(card, true);
      (card?.querySelector(".section-card__heading input, textarea") ?? target).focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
    }
  });
}

// Write what a button offers. Who chose it with a key goes on among the claims; the browser's undo takes it back.
function apply(form, button) {
  const { replace, offset, written, replacement, said } = button.dataset;
  const field = opened(form, replace);
  const start = unitsBefore(field.value, Number(offset));
  if (field.value.slice(start, start + written.length) !== written) {
    say(form, gettext("The text has changed since: this place is looked for anew."));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  replaceRange(field, start, start + written.length, replacement);
  field.setSelectionRange(start, start + replacement.length);
  say(form, fill(gettext("%(said)s Ctrl+Z takes it back."), { said }));
  button.dispatchEvent(new CustomEvent("editor:written", { bubbles: true, detail: { field } }));
}
