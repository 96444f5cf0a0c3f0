// Pasted text: formatted text becomes Markdown, and what another program escaped, linked or wrote as HTML becomes what was
// meant. The plain text is pasted first, and changed in a second step, so that undoing brings it back.
import { sourcesOf } from "../text/previews.js";
import { editorOf, replaceRange, say } from "../text/text.js";
import { fill, gettext, ngettext } from "../../shared/i18n.js";
import { lostIn } from "./lost.js";
import { token } from "../../shared/token.js";
import { fit } from "./fit.js";
import { headingsIn, makeSections } from "./sections.js";

const WORTH_ASKING = /[[<\\]|^[^\w\s]*#|data:image\//m;

export function watchPastes(form) {
  // Ask the site what was meant. Returns the text, what was changed and what was refused, as sentences.
  const clean = async (pasted, isConverted) => {
    const nothing = { text: pasted, changes: [], refused: [] };
    if (!WORTH_ASKING.test(pasted)) return nothing;
    const data = new FormData();
    data.append("text", new Blob([pasted]));
    if (isConverted) data.append("converted", "1"); // what it escapes, the person didn't
    for (const source of sourcesOf(form)) data.append("source", source);
    try {
      const response = await fetch(form.dataset.cleanUrl, { method: "POST", body: data, headers: { "X-CSRFToken": token(form) } });
      return response.ok ? await response.json() : nothing;
    } catch {
      return nothing; // what can't be read is flagged in any case
    }
  };

  const improve = async (field, start, pasted, html) => {
    const converted = html ? (await import("./convert.js")).convert(html) : null;
    const { text: cleaned, changes, refused } = await clean(converted?.markdown ?? pasted, Boolean(converted));
    const end = start + pasted.length;
    const before = field.value;
    const isSame = before.slice(start, end) === pasted;
    const { cutBefore, text, cutAfter } = converted ? fit(cleaned, before.slice(0, start), before.slice(end)) : { cutBefore: 0, text: cleaned, cutAfter: 0 };
    const [from, to] = [start - cutBefore, end + cutAfter];
    const isChanged = text !== pasted && isSame;
    if (isChanged) {
      const { selectionStart, selectionEnd } = field;
      const grown = text.length - (to - from);
      const moved = (offset) => (offset <= from ? offset : offset < end ? Math.min(offset, from + text.length) : Math.max(from + text.length, offset + grown));
      const focused = document.activeElement;
      replaceRange(field, from, to, text);
      field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
      if (editorOf(focused) !== field) focused.focus({ preventScroll: true });
    }
    const said = [...(converted && isChanged ? [gettext("Formatting became Markdown.")] : []), ...(isChanged ? changes : [])];
    if (said.length) said.push(gettext("Undo to get the pasted text."));
    const lost = converted && isChanged ? lostIn(converted.lost) : "";
    const message = [...said, ...(lost ? [lost] : [])].join(" ");
    if (message) say(form, message);
    showError(field, refused);
    showNote(form, field, message, from, isSame ? text.length : 0);
    if (isChanged) whenWritten(field, () => field.value === before || !field.value.trim(), (isUndone) => {
      if (form.querySelector("[data-status]").textContent === message) say(form, "");
      showNote(form, field, isUndone ? "" : lost, from, isUndone ? 0 : text.length);
    });
  };

  // In the capture phase, before the editing layer inserts the plain text.
  document.addEventListener(
    "paste",
    (event) => {
      const field = editorOf(event.target);
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!field || !form.contains(field) || !text) return;
      const html = event.clipboardData.getData("text/html");
      const start = field.selectionStart;
      const rest = field.value.length - field.selectionEnd;
      setTimeout(() => {
        const pasted = field.value.slice(start, field.value.length - rest);
        if (pasted) improve(field, start, pasted, html);
      });
    },
    true,
  );
}

function showError(field, refused) {
  const message = document.querySelector(`[data-upload-error="${field.id}"]`);
  message.textContent = refused.join(" ");
  message.hidden = !refused.length;
}

// Tell when the text has been changed again: undoing does something else then. `isUndone` says whether nothing of it is left.
const watched = new WeakMap();

function whenWritten(field, isUndone, tell) {
  watched.get(field)?.abort();
  const control = new AbortController();
  watched.set(field, control);
  const told = () => {
    tell(isUndone());
    if (isUndone()) control.abort();
  };
  field.addEventListener("input", told, { signal: control.signal });
}

// Below the text: what was done, and the offer to make sections of the headings that were pasted.
function showNote(form, field, said, start, length) {
  const note = document.querySelector(`[data-paste-note="${field.id}"]`);
  const count = headingsIn(field.value, start).filter(({ offset }) => offset < start + length).length;
  note.hidden = !said && !count;
  note.replaceChildren(said);
  if (!count) return;
  const label = ngettext("Make a section of %(count)s heading", "Make sections of %(count)s headings", count);
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: fill(label, { count }) });
  button.addEventListener("click", () => {
    const from = headingsIn(field.value, Math.min(start, field.value.length))[0]?.offset;
    note.hidden = true;
    if (from === undefined) return;
    const sections = makeSections(form, field, from);
    sections[0].querySelector(".section-card__heading input").focus();
    say(form, fill(ngettext("%(count)s section added.", "%(count)s sections added.", sections.length), { count: sections.length }));
  });
  note.append(" ", button);
}
