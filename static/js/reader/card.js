// The one card of the page: it stands in the line of its link, and is drawn above everything else.
import { gettext } from "../words.js";
import { boxOf } from "./moments.js";

const GAP = 8;
const NARROW = matchMedia("(width < 40rem)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export function makeCard() {
  const card = document.createElement("span");
  card.className = "card";
  card.id = "card";
  card.hidden = true;
  card.popover = "manual"; // drawn on top, and cut off by nothing that scrolls
  card.tabIndex = -1;
  card.dir = document.documentElement.dir || "ltr"; // its words are the site's; the quoted ones have their own
  let shown = null;

  const hide = () => {
    if (!shown) return;
    shown.removeAttribute("aria-expanded");
    shown.removeAttribute("aria-controls");
    shown = null;
    if (card.isConnected && card.matches(":popover-open")) card.hidePopover();
    card.hidden = true;
    card.remove();
  };

  // `claim` is where the sentence stands that must stay readable, as ranges; none for what is not in the text.
  const show = (link, { label, content, isTouched = false, claim = [] }) => {
    hide();
    const isSheet = isTouched && NARROW.matches;
    card.className = isSheet ? "card card--sheet" : "card";
    card.setAttribute("role", isSheet ? "dialog" : "group");
    card.setAttribute("aria-label", label);
    card.replaceChildren(...content);
    if (isSheet) card.append(closer());
    shown = link;
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", card.id);
    (link.closest("svg") ?? link).after(card); // behind its link for the keyboard and for who hears the page
    card.hidden = false;
    card.showPopover?.();
    const boxes = [link.getBoundingClientRect(), ...claim.map((range) => range.getBoundingClientRect())];
    if (isSheet) makeRoom(card, claim.length || !link.closest("svg") ? boxes : []);
    else place(card, boxOf(link), boxes);
    if (isSheet) card.focus({ preventScroll: true });
  };

  const closer = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "card__close";
    button.textContent = "×";
    button.setAttribute("aria-label", gettext("Close"));
    button.addEventListener("click", () => {
      const back = shown;
      hide();
      back?.focus({ preventScroll: true });
    });
    return button;
  };

  addEventListener("resize", () => {
    if (!card.classList.contains("card--sheet")) hide();
  });
  return { element: card, show, hide, at: () => shown };
}

// Below the sentence, above it where there is more room: it never covers what it is about.
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

// The sentence goes up until the sheet at the bottom no longer hides it.
function makeRoom(card, boxes) {
  card.style.left = card.style.top = "";
  const hidden = Math.max(0, ...boxes.map((box) => box.bottom)) + GAP - (innerHeight - card.offsetHeight);
  if (hidden > 0) scrollBy({ top: hidden, behavior: CALM.matches ? "instant" : "smooth" });
}
