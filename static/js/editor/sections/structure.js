// The order, levels and removals of the sections as one value, so that changing them can be undone.
import { levelOf } from "./branches.js";
import { cardsOf, renumber, setLevel, setRemoved } from "./cards.js";

export const structureOf = (form) =>
  cardsOf(form).map((card) => ({ card, level: levelOf(card), isRemoved: card.hasAttribute("data-removed"), followed: card.getAttribute("data-followed") }));

// The first section that isn't the same in both.
export function firstDifference(one, other) {
  const [longer, shorter] = one.length < other.length ? [other, one] : [one, other];
  return longer.find((entry, index) => Object.keys(entry).some((name) => entry[name] !== shorter[index]?.[name]))?.card;
}

// Bring the sections back to `structure`. Those that were added since are removed, as by hand.
export function restructure(form, structure) {
  const known = new Set(structure.map(({ card }) => card));
  for (const card of cardsOf(form)) if (!known.has(card)) setRemoved(card, true);
  let previous = form.querySelector("[data-card=lead]");
  for (const { card, level, isRemoved, followed } of structure) {
    if (previous.nextElementSibling !== card) previous.after(card);
    previous = card;
    setLevel(card, level);
    setRemoved(card, isRemoved);
    if (followed === null) card.removeAttribute("data-followed");
    else card.setAttribute("data-followed", followed);
  }
  renumber(form);
}
