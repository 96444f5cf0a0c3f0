// Copies an address, or the text of what is marked with `data-copy`, and says so without getting in the way.
import { fill, gettext } from "../words.js";

const TOLD_MS = 6000;
const COPIED_MS = 2500;

// The article's own address, without what this visit put behind it.
export function addressOf(id) {
  const own = document.querySelector("link[rel='canonical']")?.href ?? location.origin + location.pathname;
  return `${own.split("#")[0]}#${id}`;
}

// The same place in the text as it stands now, whatever comes after it.
export function permanentAddressOf(article, id) {
  return addressOf(id).replace("#", `revisions/${article.dataset.revision}/#`);
}

export function copyAnchor(anchor) {
  return copyAndTell(null, addressOf(decodeURIComponent(anchor.hash.slice(1))), gettext("The address of this place is copied."));
}

export async function copyAndTell(button, text, message) {
  const isCopied = await copy(text);
  tell(isCopied ? message : fill(gettext("This browser does not let the page copy. Copy it here: %(text)s"), { text }));
  if (!isCopied || !button || button.dataset.words) return;
  button.dataset.words = button.textContent;
  button.textContent = gettext("Copied");
  setTimeout(() => {
    button.textContent = button.dataset.words;
    delete button.dataset.words;
  }, COPIED_MS);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text); // an old browser, or a site without HTTPS
  }
}

function copySelected(text) {
  const back = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.readOnly = true;
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  back?.focus({ preventScroll: true });
  return isCopied;
}

let box = null;
let timer = 0;

// A sentence at the bottom of the window; who hears the page hears it when nothing else is said.
export function tell(message) {
  if (!box) {
    box = document.createElement("p");
    box.className = "toast";
    box.setAttribute("role", "status");
    box.popover = "manual";
    document.body.append(box);
  }
  clearTimeout(timer);
  box.textContent = "";
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover?.(); // above a card that was opened after it
  timer = setTimeout(() => {
    box.textContent = message;
    timer = setTimeout(() => {
      box.textContent = "";
      box.hidePopover?.();
    }, TOLD_MS);
  }, 50); // a region that has just appeared is not read out
}

for (const source of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = gettext("Copy");
  const name = source.closest("section")?.querySelector("h2, h3")?.textContent.trim();
  if (name) button.setAttribute("aria-label", fill(gettext("Copy: %(name)s"), { name }));
  button.addEventListener("click", () => copyAndTell(button, source.textContent.trim(), gettext("It is copied.")));
  (source.closest("pre") ?? source).after(button);
}
