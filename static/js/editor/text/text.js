// Helpers shared by several parts of the editor: undoable text changes, status messages, the CSRF token.

// The editing layer over a text area, while there is one. It answers the text area's own interface (value, selection,
// focus); what a text area has no interface for is asked here.
const layers = new WeakMap();

export const layerOf = (field) => layers.get(field);
export const setLayer = (field, layer) => (layer ? layers.set(field, layer) : layers.delete(field));

// Notify listeners that a script has changed a field.
export function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Replace part of a text area as if it had been typed, so that undoing reverts it.
export function replaceRange(field, start, end, text) {
  field.focus();
  if (layerOf(field)) {
    layerOf(field).replace(start, end, text);
    return;
  }
  field.setSelectionRange(start, end);
  if (!document.execCommand(text ? "insertText" : "delete", false, text) && field.value.slice(start, start + text.length) !== text) {
    field.setRangeText(text, start, end, "end");
    changed(field);
  }
}

// Revert the last change to a text area.
export function undo(field) {
  field.focus({ preventScroll: true });
  if (layerOf(field)) layerOf(field).undo();
  else document.execCommand("undo");
}

// Select part of a text area and scroll to it.
export function reveal(field, start, end) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  if (layerOf(field)) {
    layerOf(field).scrollTo(start);
    return;
  }
  field.scrollTop = heightBefore(field, start) - field.clientHeight / 2; // a long text scrolls in itself
  field.scrollIntoView({ block: "center" });
}

// The height in pixels of the text before `offset` in a text area, which the browser only tells of a whole one.
function heightBefore(field, offset) {
  const copy = field.cloneNode();
  for (const name of ["id", "name"]) copy.removeAttribute(name);
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", inlineSize: `${field.offsetWidth}px`, blockSize: 0, minBlockSize: 0 });
  copy.value = field.value.slice(0, offset);
  field.after(copy);
  const height = copy.scrollHeight;
  copy.remove();
  return height;
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

// The text area with a preview that `element` is or is in, or whose editing layer `element` is.
export function editorOf(element) {
  return element.closest?.("textarea.markdownx-editor") ?? element.closest?.("[data-layer]")?.previousElementSibling;
}

// Announce `message` in the status region of the form.
export function say(form, message) {
  form.querySelector("[data-status]").textContent = message;
}
