// Helpers shared by several parts of the editor: undoable text changes, status messages, the CSRF token.

// Notify listeners that a script has changed a field.
export function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Replace part of a text area as if it had been typed, so that the browser's undo reverts it.
export function replaceRange(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end, "end");
    changed(field);
  }
}

// The server counts characters, the browser UTF-16 code units: an emoji is one there and two here.
export function unitsBefore(text, characters) {
  let units = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    units += character.length;
  }
  return units;
}

// The text area with a preview that `element` is or is in.
export const editorOf = (element) => element.closest?.("textarea.markdownx-editor");

// Announce `message` in the status region of the form.
export function say(form, message) {
  form.querySelector("[data-status]").textContent = message;
}
