// Comments in the margin: takes the selected words into the form, by a button and a key.
import { editorOf, say } from "../text.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys, isTyping } from "../../shared/keys.js";

const AROUND = 200; // characters before and after the words, which say where they are if they occur more than once

// `panel` is what watchEvidencePanel returned.
export function watchMargin(form, panel) {
  const box = form.querySelector("[data-margin-form]");
  if (!box) {
    form.querySelector("[data-tool=comment]").hidden = true;
    return;
  }
  const { evidence_quote: quote, evidence_remark: remark, evidence_before: before, evidence_after: after } = form.elements;
  let last = null; // the field that had the caret last
  form.addEventListener("focusin", ({ target }) => (last = fieldOf(target) ?? last));

  const open = (field) => {
    const { value = "", selectionStart: start = 0, selectionEnd: end = 0 } = field?.isConnected ? field : {};
    const words = value.slice(start, end).trim();
    if (words) {
      quote.value = words;
      before.value = value.slice(Math.max(0, start - AROUND), start);
      after.value = value.slice(end, end + AROUND);
    } else if (!quote.value) say(form, gettext("Nothing is selected: select a passage first, or copy it into its field."));
    box.open = true;
    panel.open(field ?? box, box);
    (quote.value ? remark : quote).focus();
  };

  quote.addEventListener("input", () => (before.value = after.value = ""));
  form.addEventListener("editor:comment", ({ detail }) => open(detail.field));
  form.addEventListener("editor:acted", ({ detail: { value } }) => {
    const [name, thread] = value.split(":");
    const reply = name === "reply" && form.elements[`evidence_reply-${thread}`];
    if (reply) {
      reply.value = "";
      reply.closest("details").open = false;
    }
    if (name !== "comment") return;
    for (const field of [quote, remark, before, after]) field.value = "";
    box.open = false;
  });
  bindKeys({ passage: (key, event) => open((isTyping(event) && fieldOf(event.target)) || last) });
}

// The text, heading or title that an element belongs to.
function fieldOf(element) {
  return editorOf(element) ?? element.closest?.(".section-card__heading input, .title-field input");
}
