// What a link to another article says before it is followed: asked for once, given up when the reader goes on.
const PAGE = /^\/articles\/[^/]+\/$/;
const known = new Map();

export function isPreviewed(link) {
  if (link instanceof SVGElement || link.origin !== location.origin || link.closest("nav, .head__kicker")) return false;
  return PAGE.test(link.pathname) && link.pathname !== location.pathname;
}

// The lines of the card; null where there is nothing to show or the question was given up.
export async function preview(link, signal) {
  const address = `${link.pathname}preview/`;
  try {
    if (!known.has(address)) {
      const answer = await fetch(address, { signal });
      if (!answer.ok) return null;
      known.set(address, await answer.text());
    }
  } catch {
    return null;
  }
  const lines = document.createElement("template");
  lines.innerHTML = known.get(address);
  return [...lines.content.children];
}
