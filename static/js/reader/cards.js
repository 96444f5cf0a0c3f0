// When the card opens and closes: at citations, at pins on the strip, at links to other articles.
import { gettext } from "../words.js";
import { makeCard } from "./card.js";
import { tellCitation } from "./citation.js";
import { sentenceOf } from "./highlight.js";
import { citationOf, momentAsked, recordingOf } from "./moments.js";
import { isPreviewed, preview } from "./preview.js";

const OPEN_MS = 250;
const CLOSE_MS = 300;

export function watchLinks(article, main, play) {
  const card = makeCard();
  let timer = 0;
  let wanted = null; // the link that the pointer or the focus is at
  let asking = null;
  let started = false;

  const wait = (action, ms) => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };

  const hide = () => {
    clearTimeout(timer);
    asking?.abort();
    wanted = null;
    card.hide();
  };

  const watched = (target) => {
    const link = target.closest?.("a[href]");
    return link && (link.matches("a.citation[data-start], .tape__pin") || isPreviewed(link)) ? link : null;
  };

  const showCitation = (link, citation, isTouched, byKeys) => {
    const isPin = link !== citation;
    const content = tellCitation(article, citation, {
      isPin,
      isBrief: isPin && byKeys, // the keyboard's next stop is the next pin: nothing in this card could be reached
      onPlay: () => {
        hide();
        play(citation);
      },
    });
    const claim = isPin ? [] : sentenceOf(article, citation);
    if (isPin) withoutTooltip(link);
    card.show(link, { label: gettext("About this citation"), content, isTouched, claim });
  };

  const showPreview = async (link) => {
    asking?.abort();
    asking = new AbortController();
    const content = await preview(link, asking.signal);
    if (content && wanted === link) card.show(link, { label: gettext("About this article"), content });
  };

  const show = (link, { isTouched = false, byKeys = false } = {}) => {
    clearTimeout(timer);
    wanted = link;
    if (card.at() === link) return;
    const citation = citationOf(article, link);
    if (citation) showCitation(link, citation, isTouched, byKeys);
    else showPreview(link);
  };

  const onPointer = (event) => {
    if (event.pointerType !== "mouse") return;
    if (card.element.contains(event.target)) {
      clearTimeout(timer);
      return;
    }
    const link = watched(event.target);
    if (link) {
      if (link === card.at()) clearTimeout(timer);
      else if (link !== wanted) wait(() => show(link), OPEN_MS);
      wanted = link;
    } else if (wanted || card.at()) {
      wanted = null;
      asking?.abort();
      // Who is in the card with the keyboard keeps it, wherever the pointer lies.
      if (!card.element.contains(document.activeElement)) wait(hide, CLOSE_MS);
    }
  };

  const onFocus = (event) => {
    if (card.element.contains(event.target)) return;
    const link = watched(event.target);
    if (link?.matches(":focus-visible")) show(link, { byKeys: true });
    else if (link !== card.at()) hide();
  };

  document.addEventListener("pointerover", onPointer);
  document.documentElement.addEventListener("pointerleave", () => wait(hide, CLOSE_MS));
  document.addEventListener("focusin", onFocus);
  document.addEventListener("pointerdown", ({ target }) => {
    if (!card.element.contains(target) && !card.at()?.contains(target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card.at()) return;
    event.stopPropagation();
    const back = card.element.contains(document.activeElement) ? card.at() : null;
    hide();
    back?.focus({ preventScroll: true });
  });

  return {
    show,
    // What was pointed at before this module was there.
    first(event, link) {
      if (started) return;
      const isStill = event.type === "focusin" ? document.activeElement === link : link.matches(":hover");
      if (!isStill) return; // another was pointed at meanwhile, and is told of next
      started = true;
      if (wanted === link) return;
      if (event.type === "focusin") onFocus({ target: link });
      else if (event.type === "pointerover") onPointer(event);
    },
    // What is pressed is heard; with a finger a citation's first press tells of it, as a pin's does.
    press(link, isTouched) {
      const citation = citationOf(article, link);
      if (isTouched && !link.matches(".moments__time") && card.at() !== link) {
        show(link, { isTouched });
        return;
      }
      hide();
      const { audio, video } = recordingOf(article, citation);
      if (audio || video) play(citation);
      else location.assign(link.href);
    },
    goToMoment() {
      const citation = momentAsked(article);
      if (!citation) return;
      citation.scrollIntoView({ block: "center", behavior: "instant" });
      show(citation);
    },
  };
}

// The browser's own tooltip would lie over the card; its words stay the pin's name.
function withoutTooltip(pin) {
  const title = pin.querySelector(":scope > title");
  if (!title) return;
  pin.setAttribute("aria-label", title.textContent);
  title.remove();
}
