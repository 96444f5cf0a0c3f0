// From a problem or citation beside the text to its place in the text, and from an offered repair into it.
import { cardsOf, setOpen } from "./cards.js";
import { replaceRange, say, unitsBefore } from "./text.js";

function opened(form, id) {
  const field = document.getElementById(id);
  const card = field?.closest("[data-card]");
  if (card && cardsOf(form).includes(card)) setOpen(card, true);
  return field;
}

function select(field, start, end) {
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
      const field = opened(form, jump.dataset.jump);
      const start = unitsBefore(field.value, Number(jump.dataset.offset));
      const end = start + unitsBefore(field.value.slice(start), Number(jump.dataset.length));
      select(field, start, end);
    } else if (repair) {
      apply(form, repair);
    } else if (entry) {
      const id = entry.hash.slice(1);
      const target = opened(form, id);
      if (!target) return;
      event.preventDefault();
      const card = target.matches("[data-card]") ? target : null;
      if (card && card.dataset.card !== "lead") setOpen(card, true);
      (card ? card.querySelector(".section-card__heading input, textarea") : target).focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
    }
  });
}

function apply(form, button) {
  const { replace, offset, written, replacement } = button.dataset;
  const field = opened(form, replace);
  const start = unitsBefore(field.value, Number(offset));
  const end = start + written.length;
  if (field.value.slice(start, end) !== written) {
    say(form, "The text has changed since: this place is looked for anew.");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  replaceRange(field, start, end, replacement);
  field.setSelectionRange(start, start + replacement.length);
  say(form, `${written} is now ${replacement}.`);
}
