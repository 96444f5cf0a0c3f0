// Jumps from the evidence panel to the matching place in the text, and applies suggested changes there.
import { cardsOf, setOpen } from "../sections/cards.js";
import { replaceRange, reveal, say, unitsBefore } from "../text/text.js";
import { fill, gettext } from "../../shared/i18n.js";

// The field with `id`, its section card opened if it was closed.
export function openField(form, id) {
  const field = document.getElementById(id);
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const card = field?.closest("[data-card]");
  if (card && cardsOf(form).includes(card)) setOpen(card, true);
  return field;
}

function jumpTo(form, { field: id, offset, length = 0 }) {
  const field = openField(form, id);
  const start = unitsBefore(field.value, Number(offset));
  const end = start + unitsBefore(field.value.slice(start), Number(length));
  reveal(field, start, end);
}

export function watchLocations(form) {
  form.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump]");
    const suggestion = event.target.closest("[data-replace]");
    const entry = event.target.closest("[data-part=outline] a, .alert a[href^='#']");
    if (jump) {
      event.preventDefault();
      jumpTo(form, { field: jump.dataset.jump, offset: jump.dataset.offset, length: jump.dataset.length });
    } else if (suggestion) {
      event.preventDefault();
      apply(form, suggestion);
    } else if (entry) {
      const id = entry.hash.slice(1);
      const target = openField(form, id);
      if (!target) return;
      event.preventDefault();
      const card = target.matches("[data-card]") ? target : null;
      if (card && card.dataset.card !== "lead") setOpen(card, true);
      (card?.querySelector(".section-card__heading input, textarea") ?? target).focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
    }
  });
}

// Apply the change that a button suggests. It can be undone with the browser's undo; listeners decide where the focus goes.
function apply(form, button) {
  const { replace, offset, written, replacement, message } = button.dataset;
  const field = openField(form, replace);
  const start = unitsBefore(field.value, Number(offset));
  if (field.value.slice(start, start + written.length) !== written) {
    say(form, gettext("The text has changed in the meantime. Checking it again."));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  replaceRange(field, start, start + written.length, replacement);
  field.setSelectionRange(start + replacement.length, start + replacement.length); // selected, it would be typed over
  say(form, fill(gettext("%(message)s Press Ctrl+Z to undo."), { message }));
  button.dispatchEvent(new CustomEvent("editor:written", { bubbles: true, detail: { field } }));
}
