// Copies text to the clipboard and reports it in a note at the edge of the window. Adds a button to every element
// marked with `data-copy`, which copies that element's text.
import { fill, gettext } from "./i18n.js";

const NOTE_MS = 6000;
const LABEL_MS = 2500;

// Copy `text` and show `message`. The label of `button`, if given, says for a moment that it worked.
export async function copyAndNotify(button, text, message) {
  const isCopied = await copy(text);
  notify(isCopied ? message : fill(gettext("Your browser blocked copying. Copy it from here: %(text)s"), { text }));
  if (!isCopied || !button || button.dataset.label) return;
  button.dataset.label = button.textContent;
  button.textContent = gettext("Copied");
  setTimeout(() => {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }, LABEL_MS);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text); // an old browser, or a site without HTTPS
  }
}

function copySelection(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.readOnly = true;
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}

let note = null;
let timer = 0;

// Show `message` at the bottom of the window; screen readers announce it politely.
function notify(message) {
  if (!note) {
    note = document.createElement("p");
    note.className = "toast";
    note.setAttribute("role", "status");
    note.popover = "manual";
    document.body.append(note);
  }
  clearTimeout(timer);
  note.textContent = "";
  if (note.matches(":popover-open")) note.hidePopover();
  note.showPopover?.(); // above a card that was opened after it
  timer = setTimeout(() => {
    note.textContent = message;
    timer = setTimeout(() => {
      note.textContent = "";
      note.hidePopover?.();
    }, NOTE_MS);
  }, 50); // a live region that has only just appeared isn't announced
}

for (const source of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = gettext("Copy");
  const name = source.closest("section")?.querySelector("h2, h3")?.textContent.trim();
  if (name) button.setAttribute("aria-label", fill(gettext("Copy: %(name)s"), { name }));
  button.addEventListener("click", () => copyAndNotify(button, source.textContent.trim(), gettext("Copied to the clipboard.")));
  const block = source.closest(".code");
  if (block) {
    const bar = document.createElement("p");
    bar.className = "copy__bar";
    bar.append(button);
    block.after(bar);
  } else {
    source.after(button);
  }
}
