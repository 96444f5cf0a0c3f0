// The list of sections beside the text: it marks the one with the caret, and subsections can be dragged and collapsed.
// Following an entry is in evidence/locations.js; the keys that move a section are those of its card.
import { branchOf, levelOf, placesFor, put } from "./branches.js";
import { cardsOf, nameOf, renumber } from "./cards.js";
import { say } from "../text/text.js";
import { fill, gettext } from "../../shared/i18n.js";

const DRAG_PX = 6; // a click that slips isn't meant to move anything
const MARGIN = 12; // pixels between the marked entry and the edge of the list

export function watchOutline(form) {
  const outline = form.querySelector("[data-part=outline]");
  const collapsed = new Set(); // anchors of sections; the server renders the list again after each change
  const entryOf = (card) => outline.querySelector(`a[href="#${CSS.escape(card.id)}"]`)?.parentElement;
  const cardOf = (entry) => document.getElementById(entry?.querySelector("a")?.hash.slice(1));
  const shownCards = () => cardsOf(form).filter((card) => !card.matches("[data-blank]"));

  let current = null; // the card that had the caret last

  // Mark the entry of the current section, or of the one whose collapsed subsections it belongs to; returns it.
  const mark = () => {
    let entry = current && entryOf(current);
    while (entry?.hasAttribute("data-collapsed")) entry = entry.previousElementSibling;
    outline.querySelector("[aria-current]")?.removeAttribute("aria-current");
    entry?.querySelector("a").setAttribute("aria-current", "location");
    return entry;
  };
  // Scrolls the list alone: on a narrow page it is above the text, which stays where it is.
  const follow = (element) => {
    const card = element.closest("[data-card]");
    if (!card || card === current) return;
    current = card;
    const entry = mark();
    if (!entry) return;
    const [frame, box] = [outline.getBoundingClientRect(), entry.getBoundingClientRect()];
    outline.scrollTop += Math.min(0, box.top - frame.top - MARGIN) + Math.max(0, box.bottom - frame.bottom + MARGIN);
  };

  const prepare = () => {
    const cards = shownCards();
    for (const card of cards) {
      const entry = entryOf(card);
      if (!entry) continue;
      const below = branchOf(cards, card).slice(1).filter((other) => !other.hasAttribute("data-removed"));
      let button = entry.querySelector("[data-fold]");
      if (below.length && !button) {
        button = document.createElement("button");
        button.type = "button";
        button.dataset.fold = "";
        entry.querySelector("a").after(button);
      } else if (!below.length) button?.remove();
      button?.setAttribute("aria-expanded", String(!collapsed.has(card.id)));
      button?.setAttribute("aria-label", fill(gettext("Subsections of “%(section)s”"), { section: nameOf(card) }));
    }
    const hidden = new Set(cards.filter((card) => collapsed.has(card.id)).flatMap((card) => branchOf(cards, card).slice(1)));
    for (const card of cards) entryOf(card)?.toggleAttribute("data-collapsed", hidden.has(card));
    mark();
  };

  let dragged = null; // { card, y, isMoving, place }
  const clear = () => {
    for (const name of ["data-dragged", "data-drop"]) outline.querySelectorAll(`[${name}]`).forEach((entry) => entry.removeAttribute(name));
  };
  const end = () => {
    const { card, isMoving, place } = dragged;
    dragged = null;
    clear();
    if (!isMoving) return;
    // The click that ends a drag isn't one on the entry.
    const stop = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("click", stop, { capture: true });
    setTimeout(() => removeEventListener("click", stop, { capture: true }));
    if (place === undefined) return;
    const cards = shownCards();
    const branch = branchOf(cards, card);
    put(branch, place, cards.filter((other) => !branch.includes(other)));
    renumber(form);
    say(form, fill(gettext("%(section)s: now %(place)s of %(count)s."), { section: nameOf(card), place: shownCards().indexOf(card) + 1, count: cards.length }));
  };

  outline.addEventListener("dragstart", (event) => event.preventDefault()); // of the entry's link
  outline.addEventListener("pointerdown", (event) => {
    const card = cardOf(event.target.closest("li"));
    if (event.button || event.pointerType === "touch" || event.target.closest("[data-fold]") || !shownCards().includes(card)) return;
    dragged = { card, y: event.clientY, isMoving: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged || (!dragged.isMoving && Math.abs(event.clientY - dragged.y) < DRAG_PX)) return;
    event.preventDefault();
    dragged.isMoving = true;
    const cards = shownCards();
    const branch = branchOf(cards, dragged.card);
    const others = cards.filter((card) => !branch.includes(card));
    const isBelow = (card) => {
      const box = entryOf(card)?.getBoundingClientRect();
      return box?.height && event.clientY < box.top + box.height / 2;
    };
    dragged.place = placesFor(others, levelOf(dragged.card)).find((card) => !card || isBelow(card));
    clear();
    for (const card of branch) entryOf(card)?.setAttribute("data-dragged", "");
    const mark = dragged.place ?? others.at(-1);
    if (mark) entryOf(mark)?.setAttribute("data-drop", dragged.place ? "before" : "after");
  });
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, () => dragged && end());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !dragged) return;
    dragged.place = undefined;
    end();
  });
  outline.addEventListener("click", ({ target }) => {
    const { id } = (target.closest("[data-fold]") && cardOf(target.closest("li"))) || {};
    if (!id) return;
    if (!collapsed.delete(id)) collapsed.add(id);
    prepare();
  });
  form.addEventListener("editor:checked", prepare);
  form.addEventListener("focusin", ({ target }) => follow(target));
  prepare();
  follow(document.activeElement); // which the page may have chosen before
}
