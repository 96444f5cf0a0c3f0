// What the page knows about its citations, read from the text and from the list in episode order.
import { gettext } from "../../shared/i18n.js";
import { requestedSeconds } from "../time.js";

const YOUTUBE_HOST = /(^|\.)youtube\.com$/;

export const citationsOf = (article) => [...article.querySelectorAll("a.citation[data-start]")];

export const startOf = (citation) => Number(citation.dataset.start);

// The citation that `link` is, or that it leads to from the timeline or the list; null for other links.
export function citationOf(article, link) {
  if (link.matches("a.citation[data-start]")) return link;
  const target = link.matches(".timeline__marker") ? link : link.closest(".moments > li")?.querySelector(".moments__claim");
  const id = target?.getAttribute("href").slice(1);
  return id ? article.querySelector(`a.citation[id="${CSS.escape(id)}"]`) : null;
}

export const labelOf = (citation) => citation.textContent.trim();

// The first line of a link that wraps.
export const boxOf = (link) => link.getClientRects()[0] ?? link.getBoundingClientRect();

// The row of a citation in the list under the article.
export function rowOf(article, citation) {
  const link = article.querySelector(`.moments__claim[href="#${CSS.escape(citation.id)}"]`);
  return link?.closest("li") ?? null;
}

export const textOf = (row, name) => row?.querySelector(`.moments__${name}`)?.textContent.trim() ?? "";

// What the link of a citation plays: an audio file or a video, with start and end in seconds on that file's clock.
// With another edition chosen, the link points into that edition, where the times differ.
export function recordingOf(article, citation) {
  const { title = "", citations: track = "" } = rowOf(article, citation)?.closest("[data-recording]")?.dataset ?? {};
  const { start: first, end: last } = citation.dataset;
  const length = last ? Number(last) - Number(first) : Infinity;
  const playing = (start, source) => ({ title, track: "", audio: "", video: "", start, end: start + length, ...source });
  const url = new URL(citation.href);
  const video = YOUTUBE_HOST.test(url.hostname) && url.searchParams.get("v");
  if (video) return playing(requestedSeconds(url) ?? 0, { video });
  const start = requestedSeconds({ search: "", hash: url.hash });
  if (start === null || url.origin + url.pathname === location.origin + location.pathname) return playing(startOf(citation));
  url.hash = "";
  // The track lists citations by the time of the episode, so it doesn't fit an edition with other times.
  return playing(start, { audio: url.href, track: start === startOf(citation) ? track : "" });
}

export const openLabelOf = (citation) =>
  YOUTUBE_HOST.test(citation.hostname) ? gettext("Open on YouTube") : gettext("Open the recording");

export function clock(seconds) {
  const total = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// The citation closest to the time in ?t= or #t=, in any form that players write; null without one.
export function requestedCitation(article) {
  const seconds = requestedSeconds(location);
  if (seconds === null) return null;
  const distance = (citation) => Math.abs(startOf(citation) - seconds);
  return citationsOf(article).reduce((best, next) => (!best || distance(next) < distance(best) ? next : best), null);
}
