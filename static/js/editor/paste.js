// Cleans pasted text: what another program escaped, linked or wrote as HTML becomes what was meant. The text is pasted
// as it is first, and cleaned in a second step that the browser's undo reverts.
import { sourcesOf } from "./previews.js";
import { editorOf, replaceRange, say } from "./text.js";
import { gettext } from "../shared/i18n.js";
import { token } from "../shared/token.js";

const WORTH_ASKING = /[[<\\]|^[^\w\s]*#|data:image\//m;

export function watchPastes(form) {
  const clean = async (editor, start, pasted) => {
    const data = new FormData();
    data.append("text", new Blob([pasted]));
    for (const source of sourcesOf(form)) data.append("source", source);
    let answer;
    try {
      const response = await fetch(form.dataset.cleanUrl, { method: "POST", body: data, headers: { "X-CSRFToken": token(form) } });
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return; // what can't be read is flagged in any case
    }
    const end = start + pasted.length;
    if (answer.text !== pasted && editor.value.slice(start, end) === pasted) {
      const { selectionStart, selectionEnd } = editor;
      const moved = (offset) => (offset < end ? Math.min(offset, start + answer.text.length) : offset + answer.text.length - pasted.length);
      const focused = document.activeElement;
      replaceRange(editor, start, end, answer.text);
      editor.setSelectionRange(moved(selectionStart), moved(selectionEnd));
      if (focused !== editor) focused.focus({ preventScroll: true });
      say(form, [...answer.changes, gettext("Undo to get the pasted text.")].join(" "));
    }
    const message = document.querySelector(`[data-upload-error="${editor.id}"]`);
    message.textContent = answer.refused.join(" ");
    message.hidden = !answer.refused.length;
  };

  form.addEventListener("paste", (event) => {
    const editor = editorOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!editor || event.defaultPrevented || !WORTH_ASKING.test(text)) return;
    const start = editor.selectionStart;
    const rest = editor.value.length - editor.selectionEnd;
    setTimeout(() => clean(editor, start, editor.value.slice(start, editor.value.length - rest)));
  });
}
