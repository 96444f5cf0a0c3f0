// Drag a section by its grip, with mouse, pen or finger.
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
    const others = cardsOf(form).filter((other) => other !== card && !other.hasAttribute("data-blank"));
    const below = others.find((other) => {
      const box = other.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (below) {
      if (below.previousElementSibling !== card) below.before(card);
    } else if (others.length && others.at(-1).nextElementSibling !== card) {
      others.at(-1).after(card);
    }
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
