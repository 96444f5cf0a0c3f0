// Addresses of places in the article, for sharing. Loading this module also adds the page's copy buttons.
import { copyAndNotify } from "../shared/copy.js";
import { gettext } from "../shared/i18n.js";

// The address of the place `id`, without the query of this visit.
export function addressOf(id) {
  const page = document.querySelector("link[rel='canonical']")?.href ?? location.origin + location.pathname;
  return `${page.split("#")[0]}#${id}`;
}

// The address of the same place in this revision, which always shows this text.
export function permanentAddressOf(article, id) {
  return addressOf(id).replace("#", `revisions/${article.dataset.revision}/#`);
}

export function copyAnchor(anchor) {
  return copyAndNotify(null, addressOf(decodeURIComponent(anchor.hash.slice(1))), gettext("The address of this place is copied."));
}
