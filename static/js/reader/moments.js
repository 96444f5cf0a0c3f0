// What the page knows of its citations: read from the text and from the list in the order of the recording.

export const citationsOf = (article) => [...article.querySelectorAll("a.citation[data-start]")];

export const startOf = (citation) => Number(citation.dataset.start);

// Where the citation's row stands in the list under the article.
export function rowOf(article, citation) {
  const link = article.querySelector(`.moments__claim[href="#${CSS.escape(citation.id)}"]`);
  return link?.closest("li") ?? null;
}

export const textOf = (row, name) => row?.querySelector(`.moments__${name}`)?.textContent.trim() ?? "";

// The recording that a citation is of: an audio file, a video, or neither.
export function recordingOf(article, citation) {
  const list = rowOf(article, citation)?.closest("[data-recording]");
  return { title: list?.dataset.title ?? "", audio: list?.dataset.audio ?? "", video: list?.dataset.video ?? "" };
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
