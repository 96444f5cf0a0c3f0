// URLs of places in the article, for sharing. Loading this module also adds the page's copy buttons.
import { copyAndNotify } from "../shared/copy.js";
import { gettext } from "../shared/i18n.js";

// The URL of the element `id`, without this visit's query.
export function addressOf(id) {
  const page = document.querySelector("[property='og:url']")?.content ?? location.origin + location.pathname;
  return `${page.split("#")[0]}#${id}`;
}

export function copyAnchor(anchor) {
  return copyAndNotify(null, addressOf(decodeURIComponent(anchor.hash.slice(1))), gettext("Link copied."));
}
