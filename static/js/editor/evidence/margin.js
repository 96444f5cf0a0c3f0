// Comments in the margin: takes the selected words into the form, by a button and a key, and accepts suggested edits.
import { editorOf, replaceRange, say } from "../text/text.js";
import { difference } from "../text/difference.js";
import { warn } from "./check.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys, isTyping } from "../../shared/keys.js";

const AROUND = 200; // characters before and after the words, which say where they are if they occur more than once

// `panel` is what watchEvidencePanel returned, `draft` what watchAutosave did.
export function watchMargin(form, panel, draft) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_accept]");
    if (!button || draft.stopped) return; // without autosave the form itself is sent
    event.preventDefault();
    accept(form, draft, button);
  });
  const box = form.querySelector("[data-margin-form]");
  if (!box) {
    form.querySelector("[data-tool=comment]").hidden = true;
    return;
  }
  const { evidence_quote: quote, evidence_remark: remark, evidence_before: before, evidence_after: after } = form.elements;
  const { evidence_replacement: replacement, evidence_delete: deletion } = form.elements;
  let last = null; // the field that had the caret last
  form.addEventListener("focusin", ({ target }) => (last = fieldOf(target) ?? last));

  const open = (field) => {
    const { value = "", selectionStart: start = 0, selectionEnd: end = 0 } = field?.isConnected ? field : {};
    const words = value.slice(start, end).trim();
    if (words) {
      if (!replacement.value || replacement.value === quote.value) replacement.value = words;
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
    for (const field of [quote, remark, before, after, replacement]) field.value = "";
    deletion.checked = false;
    box.open = false;
  });
  bindKeys({ passage: (key, event) => open((isTyping(event) && fieldOf(event.target)) || last) });
}

// Has the site write a suggested edit into the text and save it, then writes it here, so that it can be undone.
async function accept(form, draft, button) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  await draft.running;
  const before = new Map([...form.querySelectorAll("textarea, input[type=text]")].map((field) => [field.id, field.value]));
  const { state, texts = {}, reason } = await draft.save({ _accept: button.value });
  button.ariaBusy = null;
  if (state !== "saved") {
    warn(form, reason);
    return;
  }
  for (const [id, text] of Object.entries(texts)) {
    const field = document.getElementById(id);
    if (field.value !== before.get(id)) {
      warn(form, gettext("The edit was accepted while you were typing in the same text: reload the page to see it."));
      draft.stopped = true; // saving would take it back
      return;
    }
    const { from, to, insert } = difference(field.value, text) ?? {};
    if (insert !== undefined) draft.adopt(() => replaceRange(field, from, to, insert));
  }
  say(form, gettext("Edit accepted and saved. Press Ctrl+Z to undo."));
}

// The text, heading or title that an element belongs to.
function fieldOf(element) {
  return editorOf(element) ?? element.closest?.(".section-card__heading input, #id_title");
}
