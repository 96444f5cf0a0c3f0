// What the page knows of its citations: read from the text and from the list in the order of the recording.

export const citationsOf = (article) => [...article.querySelectorAll("a.citation[data-start]")];

export const startOf = (citation) => Number(citation.dataset.start);

// Where the citation's row stands in the list under the article.
export function rowOf(article, citation) {
  const link = article.querySelector(`.moments__claim[href="#${CSS.escape(citation.id)}"]`);
  return link?.closest("li") ?? null;
}

export const textOf = (row, name) => row?.querySelector(`.moments__${name}`)?.textContent.trim() ?? "";

// What a citation's link plays: an audio file or a video, from when to when on its own clock. In another edition the
// link leads into that one, at another second.
export function recordingOf(article, citation) {
  const title = rowOf(article, citation)?.closest("[data-recording]")?.dataset.title ?? "";
  const { start: first, end: last } = citation.dataset;
  const length = last ? Number(last) - Number(first) : Infinity;
  const url = new URL(citation.href);
  if (/(^|\.)youtube\.com$/.test(url.hostname) && url.searchParams.get("v")) {
    const start = Number.parseInt(url.searchParams.get("t"), 10) || 0;
    return { title, audio: "", video: url.searchParams.get("v"), start, end: start + length };
  }
  const place = /^#t=([\d.]+)/.exec(url.hash);
  if (!place || url.origin + url.pathname === location.origin + location.pathname) {
    return { title, audio: "", video: "", start: startOf(citation), end: startOf(citation) + length };
  }
  url.hash = "";
  return { title, audio: url.href, video: "", start: Number(place[1]), end: Number(place[1]) + length };
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// ?t=391 or #t=391, as players write it: the citation that is nearest to that moment.
export function momentAsked(article) {
  const asked = new URLSearchParams(location.search).get("t") ?? /^#t=([\d.]+)/.exec(location.hash)?.[1];
  const seconds = Number.parseFloat(asked);
  if (!Number.isFinite(seconds)) return null;
  const away = (citation) => Math.abs(startOf(citation) - seconds);
  return citationsOf(article).reduce((best, one) => (!best || away(one) < away(best) ? one : best), null);
}
