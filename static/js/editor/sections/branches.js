// The tree that the levels make: a section is followed by its subsections, which have higher levels.

export const levelOf = (card) => Number(card.querySelector(".levels input:checked")?.value ?? 1);

// The section and its subsections, in page order.
export function branchOf(cards, card) {
  const start = cards.indexOf(card);
  const end = cards.findIndex((other, index) => index > start && levelOf(other) <= levelOf(card));
  return cards.slice(start, end < 0 ? cards.length : end);
}

// Where a section of `level` fits among `others` without taking over a neighbour's subsections: before each of these
// cards, or at the end (null).
export const placesFor = (others, level) => [...others.filter((other) => levelOf(other) <= level), null];

// Put `branch` before the card `place`, or after all `others`.
export function put(branch, place, others) {
  if (place) place.before(...branch);
  else others.at(-1)?.after(...branch);
}
