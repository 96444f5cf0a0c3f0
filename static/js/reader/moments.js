// What the page knows of its citations: read from the text and from the list in the order of the recording.

export const citationsOf = (article) => [...article.querySelectorAll("a.citation[data-start]")];

export const startOf = (citation) => Number(citation.dataset.start);

// The citation that a link is, or leads to from the strip or from the list; null for any other link.
export function citationOf(article, link) {
  if (link.matches("a.citation[data-start]")) return link;
  const leading = link.matches(".tape__pin") ? link : link.closest(".moments > li")?.querySelector(".moments__claim");
  const id = leading?.getAttribute("href").slice(1);
  return id ? article.querySelector(`a.citation[id="${CSS.escape(id)}"]`) : null;
}

export const labelOf = (citation) => citation.textContent.trim();

// A link that runs over two lines begins on the first.
export const boxOf = (link) => link.getClientRects()[0] ?? link.getBoundingClientRect();

// Where the citation's row stands in the list under the article.
export function rowOf(article, citation) {
  const link = article.querySelector(`.moments__claim[href="#${CSS.escape(citation.id)}"]`);
  return link?.closest("li") ?? null;
}

export const textOf = (row, name) => row?.querySelector(`.moments__${name}`)?.textContent.trim() ?? "";

// What a citation's link plays: an audio file or a video, from when to when on its own clock. In another edition the
// link leads into that one, at another second.
export function recordingOf(article, citation) {
  const { title = "", citations: track = "" } = rowOf(article, citation)?.closest("[data-recording]")?.dataset ?? {};
  const { start: first, end: last } = citation.dataset;
  const length = last ? Number(last) - Number(first) : Infinity;
  const url = new URL(citation.href);
  if (/(^|\.)youtube\.com$/.test(url.hostname) && url.searchParams.get("v")) {
    const start = Number.parseInt(url.searchParams.get("t"), 10) || 0;
    return { title, track: "", audio: "", video: url.searchParams.get("v"), start, end: start + length };
  }
  const place = /^#t=([\d.]+)/.exec(url.hash);
  if (!place || url.origin + url.pathname === location.origin + location.pathname) {
    return { title, track: "", audio: "", video: "", start: startOf(citation), end: startOf(citation) + length };
  }
  url.hash = "";
  const start = Number(place[1]);
  // The track of the citations tells the time of the episode: it says nothing of an edition that runs otherwise.
  const isOwn = start === startOf(citation);
  return { title, track: isOwn ? track : "", audio: url.href, video: "", start, end: start + length };
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
