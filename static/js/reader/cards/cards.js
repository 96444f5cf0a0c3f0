// Opens and closes the card: at citations, at markers on the timeline, and at links to other articles.
import { gettext } from "../../shared/i18n.js";
import { makeCard } from "./card.js";
import { describeCitation, isPreviewed, preview } from "./content.js";
import { sentenceOf } from "./highlight.js";
import { citationOf, requestedCitation, recordingOf } from "./citations.js";

const OPEN_MS = 250;
const CLOSE_MS = 300;

export function watchLinks(article, play) {
  const card = makeCard();
  let timer = 0;
  let wanted = null; // the link under the pointer or with the focus
  let request = null;
  let started = false;

  const wait = (action, ms) => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };

  const hide = () => {
    clearTimeout(timer);
    request?.abort();
    wanted = null;
    card.hide();
  };

  const linkAt = (target) => {
    const link = target.closest?.("a[href]");
    return link && (link.matches("a.citation[data-start], .timeline__marker") || isPreviewed(link)) ? link : null;
  };

  const showCitation = (link, citation, isTouched, byKeyboard) => {
    const isMarker = link !== citation;
    const content = describeCitation(article, citation, {
      isMarker,
      isBrief: isMarker && byKeyboard, // Tab goes on to the next marker: nothing in this card could be reached
      onPlay: () => {
        hide();
        play(citation);
      },
    });
    const claim = isMarker ? [] : sentenceOf(article, citation);
    if (isMarker) removeTooltip(link);
    card.show(link, { label: gettext("About this citation"), content, isTouched, claim });
  };

  const showPreview = async (link) => {
    request?.abort();
    request = new AbortController();
    const content = await preview(link, request.signal);
    if (content && wanted === link) card.show(link, { label: gettext("About this article"), content });
  };

  const show = (link, { isTouched = false, byKeyboard = false } = {}) => {
    clearTimeout(timer);
    wanted = link;
    if (card.anchor() === link) return;
    const citation = citationOf(article, link);
    if (citation) showCitation(link, citation, isTouched, byKeyboard);
    else showPreview(link);
  };

  const onPointer = (event) => {
    if (event.pointerType !== "mouse") return;
    if (card.element.contains(event.target)) {
      clearTimeout(timer);
      return;
    }
    const link = linkAt(event.target);
    if (link) {
      if (link === card.anchor()) clearTimeout(timer);
      else if (link !== wanted) wait(() => show(link), OPEN_MS);
      wanted = link;
    } else if (wanted || card.anchor()) {
      wanted = null;
      request?.abort();
      // Keep the card open while it has the keyboard focus, wherever the pointer is.
      if (!card.element.contains(document.activeElement)) wait(hide, CLOSE_MS);
    }
  };

  const onFocus = (event) => {
    if (card.element.contains(event.target)) return;
    const link = linkAt(event.target);
    if (link?.matches(":focus-visible")) show(link, { byKeyboard: true });
    else if (link !== card.anchor()) hide();
  };

  document.addEventListener("pointerover", onPointer);
  document.documentElement.addEventListener("pointerleave", () => wait(hide, CLOSE_MS));
  document.addEventListener("focusin", onFocus);
  document.addEventListener("pointerdown", ({ target }) => {
    if (!card.element.contains(target) && !card.anchor()?.contains(target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card.anchor()) return;
    event.stopPropagation();
    const back = card.element.contains(document.activeElement) ? card.anchor() : null;
    hide();
    back?.focus({ preventScroll: true });
  });

  return {
    show,
    // Handle the event that made the page load this module.
    handleFirst(event, link) {
      if (started) return;
      const isStill = event.type === "focusin" ? document.activeElement === link : link.matches(":hover");
      if (!isStill) return; // the pointer or focus has moved on, and its own event follows
      started = true;
      if (wanted === link) return;
      if (event.type === "focusin") onFocus({ target: link });
      else if (event.type === "pointerover") onPointer(event);
    },
    // Pressing a citation plays it. On a touch screen the first tap on a citation or marker opens its card.
    press(link, isTouched) {
      const citation = citationOf(article, link);
      if (isTouched && !link.matches(".moments__time") && card.anchor() !== link) {
        show(link, { isTouched });
        return;
      }
      hide();
      const { audio, video } = recordingOf(article, citation);
      if (audio || video) play(citation);
      else location.assign(link.href);
    },
    showRequested() {
      const citation = requestedCitation(article);
      if (!citation) return;
      citation.scrollIntoView({ block: "center", behavior: "instant" });
      show(citation);
    },
  };
}

// The browser's own tooltip would cover the card; keep its text as the marker's name.
function removeTooltip(marker) {
  const title = marker.querySelector(":scope > title");
  if (!title) return;
  marker.setAttribute("aria-label", title.textContent);
  title.remove();
}
