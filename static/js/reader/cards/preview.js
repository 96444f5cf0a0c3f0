// Previews of linked articles: fetched once per article, aborted when the reader moves on.
const PAGE = /^\/articles\/[^/]+\/$/;
const cache = new Map();

export function isPreviewed(link) {
  if (link instanceof SVGElement || link.origin !== location.origin || link.closest("nav, .head__kicker")) return false;
  return PAGE.test(link.pathname) && link.pathname !== location.pathname;
}

// The content of the card; null if there is nothing to show or the request was aborted.
export async function preview(link, signal) {
  const address = `${link.pathname}preview/`;
  try {
    if (!cache.has(address)) {
      const response = await fetch(address, { signal });
      if (!response.ok) return null;
      cache.set(address, await response.text());
    }
  } catch {
    return null;
  }
  const template = document.createElement("template");
  template.innerHTML = cache.get(address);
  return [...template.content.children];
}
