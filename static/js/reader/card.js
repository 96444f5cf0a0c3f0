// A card at a citation: the claim, the moment, what is said there, how it was checked, and play.
import { citationsOf, recordingOf, rowOf, textOf } from "./moments.js";

const OPEN_MS = 250;
const CLOSE_MS = 250;
const GAP = 8;

export function watchCitations(article, play) {
  const card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  card.setAttribute("role", "group");
  card.setAttribute("aria-label", "About this citation");
  article.append(card);
  let shown = null;
  let timer = 0;
  let pressed = "";

  const later = (action, wait) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };

  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
    shown?.removeAttribute("aria-expanded");
    shown = null;
  };

  const show = (citation) => {
    clearTimeout(timer);
    if (shown === citation) return;
    hide();
    fill(card, article, citation, () => {
      play(citation);
      hide();
    });
    shown = citation;
    citation.setAttribute("aria-expanded", "true");
    // In the order of reading and of the keyboard it follows its citation.
    (citation.closest("p, li, td, th, dd, blockquote, h2, h3, h4, h5, h6") ?? citation.parentElement).after(card);
    card.hidden = false;
    place(card, citation);
  };

  for (const citation of citationsOf(article)) {
    const note = citation.parentElement.querySelector(".cite-note");
    if (note) {
      note.id ||= `${citation.id}-note`;
      citation.setAttribute("aria-describedby", note.id);
    }
    citation.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") later(() => show(citation), OPEN_MS);
    });
    citation.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(hide, CLOSE_MS);
    });
    citation.addEventListener("pointerdown", (event) => (pressed = event.pointerType));
    citation.addEventListener("focus", () => {
      if (citation.matches(":focus-visible") && !pressed) show(citation);
    });
    citation.addEventListener("click", (event) => {
      const isTouch = pressed === "touch" || pressed === "pen";
      pressed = "";
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
      if (isTouch && shown !== citation) {
        event.preventDefault();
        show(citation);
        return;
      }
      const { audio, video } = recordingOf(article, citation);
      if (!audio && !video) return; // a plain link to the recording's page
      event.preventDefault();
      hide();
      play(citation);
    });
  }

  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !card.contains(document.activeElement)) later(hide, CLOSE_MS);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    const back = card.contains(document.activeElement) ? shown : null;
    hide();
    back?.focus();
  });
  document.addEventListener("focusin", (event) => {
    if (shown && event.target !== shown && !card.contains(event.target)) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (shown && !shown.contains(event.target) && !card.contains(event.target)) hide();
  });
  addEventListener("resize", hide);
  return { show, hide };
}

function fill(card, article, citation, onPlay) {
  const row = rowOf(article, citation);
  const { audio, video } = recordingOf(article, citation);
  const add = (name, text, tag = "p") => {
    if (!text) return null;
    const element = document.createElement(tag);
    element.className = name;
    element.dir = "auto";
    element.textContent = text;
    card.append(element);
    return element;
  };
  card.replaceChildren();
  const moment = citation.textContent.trim();
  const chapter = row?.querySelector(".moments__chapter > [dir]")?.textContent.trim() ?? "";
  add("card__moment", chapter ? `${moment} · ${chapter}` : moment);
  add("card__claim", textOf(row, "claim"));
  const state = row?.querySelector(".moments__state");
  if (state) {
    const shown = document.createElement("p");
    shown.className = "card__state";
    shown.append(state.cloneNode(true));
    card.append(shown);
  }
  add("card__said", textOf(row, "said"), "blockquote");
  const acts = document.createElement("p");
  acts.className = "card__acts";
  if (audio || video) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Play from ${moment}`;
    button.addEventListener("click", onPlay);
    acts.append(button);
  }
  const link = document.createElement("a");
  link.href = citation.href;
  link.textContent = audio || video ? "Open where it is published" : "Open the recording";
  acts.append(link);
  card.append(acts);
}

// Under the citation, above it where there is more room; never wider than the page.
function place(card, citation) {
  card.classList.remove("card--above");
  const around = card.offsetParent ?? document.body;
  const base = around.getBoundingClientRect();
  const at = citation.getClientRects()[0] ?? citation.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.max(GAP, Math.min(at.left, document.documentElement.clientWidth - width - GAP));
  const isAbove = at.bottom + height + GAP > innerHeight && at.top - height - GAP > 0;
  card.style.left = `${left - base.left}px`;
  card.style.top = `${(isAbove ? at.top - height - GAP : at.bottom + GAP) - base.top}px`;
}
