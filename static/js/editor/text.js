// Small things that several parts of the screen need: changing a text so that it can be undone, saying something.

// Tell everybody who listens that a field was changed by a script.
export function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Replace a piece of a text area as if it had been typed, so that the browser's own undo takes it back.
export function replaceRange(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end, "end");
    changed(field);
  }
}

// The server counts characters, the browser UTF-16 units: an emoji is one there and two here.
export function unitsBefore(text, characters) {
  let units = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    units += character.length;
  }
  return units;
}

export function say(form, sentence) {
  form.querySelector("[data-status]").textContent = sentence;
}

export function token(form) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}
