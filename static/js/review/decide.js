// Asks before a decision, saying what will happen.
import { fill, gettext } from "../shared/i18n.js";
import { isSendKey } from "./send_key.js";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

function makeDialog(name, cancel, says, subjects, comment) {
  const title = make("h2", { textContent: fill(gettext("%(action)s?"), { action: name }) });
  const yes = make("button", { className: "button button--primary", type: "submit", value: "yes", textContent: name });
  const no = make("button", { className: "button", type: "submit", textContent: cancel, formNoValidate: true });
  const list = make("ul", {}, ...subjects.map((subject) => make("li", { textContent: subject, dir: "auto" })));
  const form = make("form", { method: "dialog" }, ...(comment ? [comment] : []), make("p", { className: "keys__choices" }, yes, no));
  const dialog = make("dialog", { className: "keys keys--decision" }, title, ...(subjects.length ? [list] : []), make("p", { textContent: says }), form);
  dialog.setAttribute("aria-label", title.textContent);
  (comment?.querySelector("textarea") ?? yes).autofocus = true;
  return dialog;
}

function commentField(comment, isOptional) {
  const field = make("textarea", { rows: 3, maxLength: 5000, required: !isOptional, value: comment.value, dir: "auto" });
  field.addEventListener("input", () => (comment.value = field.value)); // leaving the page asks because of it
  field.addEventListener("keydown", (event) => {
    if (isSendKey(event)) field.form.requestSubmit(field.form.querySelector("[value=yes]"));
  });
  return make("label", {}, comment.labels[0].textContent, field);
}

// Presses `button` if the answer is yes; with `needsComment`, what is written goes into the form's field `comment`, and has to be
// there unless that `isOptional`. `says` is what will happen. `subjects` are the names of what is decided, where the page shows
// more than that; `onCancel` is called if the answer is no.
export function confirmDecision(button, comment, options = {}) {
  const { needsComment = false, isOptional = false, says = button.dataset.says, subjects = [], onCancel = () => {} } = options;
  if (button.disabled) return false;
  const asked = needsComment && comment ? commentField(comment, isOptional) : null;
  const dialog = makeDialog(button.textContent.trim(), button.dataset.no ?? gettext("Cancel"), says, subjects, asked);
  const before = document.activeElement;
  document.querySelector("#content, main").append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    before.focus({ preventScroll: true });
    if (dialog.returnValue === "yes") button.form.requestSubmit(button);
    else onCancel();
  });
  dialog.showModal();
  return true;
}
