// URLs of places in the article, for sharing. Loading this module also adds the page's copy buttons.
import { copyAndNotify } from "../shared/copy.js";
import { gettext } from "../shared/i18n.js";

// The URL of the element `id`, without this visit's query.
export function addressOf(id) {
  const page = document.querySelector("link[rel='canonical']")?.href ?? location.origin + location.pathname;
  return `${page.split("#")[0]}#${id}`;
}

// The permanent URL of the same element in this revision.
export function permanentAddressOf(article, id) {
  return addressOf(id).replace("#", `revisions/${article.dataset.revision}/#`);
}

export function copyAnchor(anchor) {
  return copyAndNotify(null, addressOf(decodeURIComponent(anchor.hash.slice(1))), gettext("Link copied."));
}
