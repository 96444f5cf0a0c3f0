// The card of the page, shown next to a link and drawn above everything else. There is only one.
import { gettext } from "../../shared/i18n.js";
import { boxOf } from "./citations.js";

const GAP = 8;
const NARROW = matchMedia("(width < 40rem)");
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

export function makeCard() {
  const card = document.createElement("span");
  card.className = "card";
  card.id = "card";
  card.hidden = true;
  card.popover = "manual"; // in the top layer, where no scrolling container can clip it
  card.tabIndex = -1;
  card.dir = document.documentElement.dir || "ltr"; // the interface's direction; quoted text sets its own
  let anchor = null;

  const hide = () => {
    if (!anchor) return;
    anchor.removeAttribute("aria-expanded");
    anchor.removeAttribute("aria-controls");
    anchor = null;
    if (card.isConnected && card.matches(":popover-open")) card.hidePopover();
    card.hidden = true;
    card.remove();
  };

  // `claim` is the sentence that must stay readable, as ranges; empty for links outside the text.
  const show = (link, { label, content, isTouched = false, claim = [] }) => {
    hide();
    const isSheet = isTouched && NARROW.matches;
    card.className = isSheet ? "card card--sheet" : "card";
    card.setAttribute("role", isSheet ? "dialog" : "group");
    card.setAttribute("aria-label", label);
    card.replaceChildren(...content);
    if (isSheet) card.append(closeButton());
    anchor = link;
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", card.id);
    (link.closest("svg") ?? link).after(card); // after its link, for the keyboard and for screen readers
    card.hidden = false;
    card.showPopover?.();
    const boxes = [link.getBoundingClientRect(), ...claim.map((range) => range.getBoundingClientRect())];
    if (isSheet) makeRoom(card, claim.length || !link.closest("svg") ? boxes : []);
    else place(card, boxOf(link), boxes);
    if (isSheet) card.focus({ preventScroll: true });
  };

  const closeButton = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "card__close";
    button.textContent = "×";
    button.setAttribute("aria-label", gettext("Close"));
    button.addEventListener("click", () => {
      const back = anchor;
      hide();
      back?.focus({ preventScroll: true });
    });
    return button;
  };

  addEventListener("resize", () => {
    if (!card.classList.contains("card--sheet")) hide();
  });
  return { element: card, show, hide, anchor: () => anchor };
}

// Below the sentence, or above it if there is more room: the card never covers what it is about.
function place(card, link, boxes) {
  const { offsetWidth: width, offsetHeight: height } = card;
  const { clientWidth } = document.documentElement;
  const player = document.querySelector(".player:not([hidden])")?.offsetHeight ?? 0;
  const below = Math.max(...boxes.map((box) => box.bottom)) + GAP;
  const above = Math.min(...boxes.map((box) => box.top)) - GAP - height;
  const top = below + height > innerHeight - player && above >= 0 ? above : below;
  const left = Math.max(GAP, Math.min(link.left, clientWidth - width - GAP));
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}

// Scroll until the sheet at the bottom no longer hides the sentence.
function makeRoom(card, boxes) {
  card.style.left = card.style.top = "";
  const hidden = Math.max(0, ...boxes.map((box) => box.bottom)) + GAP - (innerHeight - card.offsetHeight);
  if (hidden > 0) scrollBy({ top: hidden, behavior: REDUCED_MOTION.matches ? "instant" : "smooth" });
}
