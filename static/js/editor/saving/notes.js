// Shows next to each field what a save said about it, and leaves what is typed there alone.
import { say } from "../text/text.js";

// Show `notes`, texts by field name, in place of earlier ones. Returns whether there are any.
export function showNotes(form, notes) {
  for (const field of form.querySelectorAll("[list=episodes]")) show(field, notes[field.name] ?? "");
  const texts = Object.values(notes);
  if (texts.length) say(form, texts.join(" "));
  return texts.length > 0;
}

function show(field, text) {
  const id = `${field.id}_error`;
  let note = document.getElementById(id);
  if ((note?.textContent.trim() ?? "") === text) return;
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  if (text) {
    if (!note) {
      note = document.createElement("span");
      note.className = "field-error";
      note.id = id;
      field.after(note);
    }
    note.textContent = text;
    described.push(id);
    field.setAttribute("aria-invalid", "true");
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  } else {
    note.remove();
    field.removeAttribute("aria-invalid");
  }
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}
