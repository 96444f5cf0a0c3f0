// After someone else saved in between: copies single pieces of their text into yours.
import { addSection, remove } from "../sections/cards.js";
import { changed, say } from "../text/text.js";
import { gettext } from "../../shared/i18n.js";

export function watchConflict(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take], [data-take-section], [data-take-removal]");
    if (!button) return;
    const { take, takeRemoval, key, level, heading, body } = button.dataset;
    const difference = button.closest("[data-difference]");
    if (take) takeValue(form, take, difference.querySelector("textarea").value);
    else if (takeRemoval) remove(form, document.getElementById(takeRemoval));
    else addSection(form, null, { key, level, heading, body });
    difference.setAttribute("data-taken", "");
    button.disabled = true;
    button.textContent = gettext("Used in your text");
    say(form, gettext("Used in your text. Not saved yet."));
  });
}

function takeValue(form, id, value) {
  const field = document.getElementById(id) ?? form.querySelector(`#${CSS.escape(id)}_0`);
  const radio = form.querySelector(`.levels input[id^="${CSS.escape(id)}_"][value="${CSS.escape(value)}"]`);
  if (radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  field.value = value;
  changed(field);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
