// What a page lists to be heard: its items (claims, changes, rows), the timestamps in them, and which one is meant by a key.
import { momentAt } from "../reader/listed/moment.js";

export const LEAD_SECONDS = 3; // before a citation, so that its first word isn't cut off
const ITEMS = "[data-claim]:not(.player__claim), .change"; // the player names a claim, too
const LINKS = "a.citation, a.suggestions__open, .status a, .discrepancies a, .transcript-context a, a.transcript__time, a.transcript-search__time";

// What a link plays, as `momentAt`; null also for links that aren't timestamps.
export const momentOf = (link) => (link.matches(LINKS) ? momentAt(link) : null);

export const itemOf = (element) => element?.closest?.(ITEMS) ?? null;

export const items = () => [...document.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());

const playable = (item, selector) => [...item.querySelectorAll(selector)].filter((link) => itemOf(link) === item && momentOf(link));

// The link that an item is about: that after a change, or the one before it.
export function linkOf(item, { isBefore = false } = {}) {
  const links = playable(item, "a.citation");
  const ofSide = links.filter((link) => isBefore === !link.closest(".moment--new") && link.closest(".moment"));
  return ofSide[0] ?? (isBefore ? null : links[0]) ?? null;
}

// The claim of an item as it now reads.
export function claimOf(item) {
  const text = item.querySelector(".claim__text, .change__text")?.cloneNode(true);
  for (const part of text?.querySelectorAll("del, .visually-hidden") ?? []) part.remove();
  return text?.textContent.trim() ?? "";
}

let last = null; // the item that had the focus last, or was clicked last
for (const type of ["focusin", "pointerdown"]) {
  document.addEventListener(type, ({ target }) => {
    const item = itemOf(target);
    if (item) last = item;
  });
}

// A replaced element's successor has the same id.
const connected = (item) => (item && !item.isConnected ? item.id && document.getElementById(item.id) : item);

// The item that keys act on: the focused one, or the last one that was.
export function chosenItem() {
  const item = itemOf(document.activeElement) ?? connected(last);
  return item?.checkVisibility() ? item : null;
}

// What is played if nothing was chosen yet: the first citation in view.
export const firstInView = () => items().find((item) => item.getBoundingClientRect().bottom > 80 && linkOf(item)) ?? null;

export const setCurrent = (item) => (last = item);

const FOCUSABLE = "a[href], button, summary, input:not([type=hidden])";

// Moves the focus to an item, or to the first control in it.
export function goTo(item) {
  if (!item) return false;
  setCurrent(item);
  const first = item.hasAttribute("tabindex") ? item : [...item.querySelectorAll(FOCUSABLE)].find((one) => one.checkVisibility());
  first?.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  return true;
}

// The item `by` places after the current one among those that match; the first one if there is no current one.
export function neighbour(by, matches = () => true) {
  const all = items();
  const at = all.indexOf(chosenItem());
  if (at === -1) return all.find(matches);
  const rest = by > 0 ? all.slice(at + 1) : all.slice(0, at).reverse();
  return rest.find(matches);
}
