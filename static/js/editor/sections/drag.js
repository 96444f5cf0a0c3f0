// Drag a section and its subsections by its grip, with mouse, pen or finger.
import { branchOf, levelOf, placesFor, put } from "./branches.js";
import { cardsOf, renumber } from "./cards.js";

export function watchDrag(form) {
  let card = null;

  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    grip.focus();
    card = grip.closest("[data-card]");
    card.setAttribute("data-dragged", "");
    form.setAttribute("data-dragging", ""); // collapses the cards so that the whole order is visible
  });

  document.addEventListener("pointermove", (event) => {
    if (!card) return;
    event.preventDefault();
    const cards = cardsOf(form).filter((other) => !other.hasAttribute("data-blank"));
    const branch = branchOf(cards, card);
    const others = cards.filter((other) => !branch.includes(other));
    const place = placesFor(others, levelOf(card)).find((other) => {
      if (!other) return true;
      const box = other.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (place !== (cards[cards.indexOf(branch.at(-1)) + 1] ?? null)) put(branch, place, others);
  });

  const drop = () => {
    if (!card) return;
    card.removeAttribute("data-dragged");
    form.removeAttribute("data-dragging");
    card.scrollIntoView({ block: "nearest" });
    card = null;
    renumber(form);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
}
