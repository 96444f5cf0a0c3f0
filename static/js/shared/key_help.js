// The dialog that lists the keys of this page, and the short hints: both are made from the table of keys.
import { gettext } from "./i18n.js";
import { bindKeys, IS_MAC, rows, rowsInText, setSingleKeys, singleKeys } from "./keys.js";

const NAMES = { space: gettext("Space") };
const WITH_ALT = IS_MAC ? ["Ctrl", "Alt"] : ["Alt"];

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const kbd = (name) => make("kbd", { textContent: NAMES[name] ?? name });
const spaced = (parts) => parts.flatMap((part, index) => (index ? [" ", part] : [part]));
const keysOf = ({ keys }) =>
  keys.length > 2
    ? [kbd(keys[0]), "–", kbd(keys.at(-1))]
    : spaced(keys.flatMap((key) => key.split("+").map((part) => kbd(part === "shift" ? "Shift" : part))));
const listOf = (shown) =>
  make("dl", {}, ...shown.map((row) => make("div", {}, make("dt", {}, ...keysOf(row)), make("dd", { textContent: row.label }))));

// A list that is closed again by its button, Escape or the same key.
function makeDialog() {
  const title = make("h2", { textContent: gettext("Keyboard shortcuts") });
  const [before, after = ""] = gettext("In a text field, hold %(keys)s as well.").split("%(keys)s");
  const note = make("p", { className: "quiet" }, before, ...spaced(WITH_ALT.map(kbd)), after);
  const box = make("input", { type: "checkbox", checked: singleKeys() });
  box.addEventListener("change", () => setSingleKeys(box.checked));
  const choice = make("p", {}, make("label", {}, box, " ", gettext("Single keys act outside of text fields")));
  const close = make("form", { method: "dialog" }, make("button", { className: "button", type: "submit", textContent: gettext("Close") }));
  const inText = rowsInText().length ? [listOf(rowsInText())] : [];
  const dialog = make("dialog", { className: "keys" }, title, listOf(rows()), note, ...inText, choice, close);
  dialog.setAttribute("aria-label", title.textContent); // not by an id, which a heading of the text could have, too
  return dialog;
}

export function fillHints() {
  const known = new Map([...rows(), ...rowsInText()].map((row) => [row.name, row]));
  for (const hint of document.querySelectorAll("[data-key-hint]")) {
    const shown = hint.dataset.keyHint.split(" ").filter((name) => known.has(name)).map((name) => known.get(name));
    hint.replaceChildren(...shown.flatMap((row, index) => [...(index ? [" · "] : []), ...keysOf(row), ` ${row.short}`]));
    hint.hidden = !shown.length;
  }
}

// To be called once all keys of the page are bound.
export function watchKeyHelp() {
  let dialog = null;
  const toggle = () => {
    if (dialog?.open) {
      dialog.close();
      return;
    }
    dialog?.remove();
    dialog = makeDialog();
    document.querySelector("#content, main").append(dialog);
    dialog.showModal();
  };
  bindKeys({ help: toggle });
  fillHints();
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", toggle);
  }
}
