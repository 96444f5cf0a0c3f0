// For every form of the admin that has no script of its own: leaving with something typed or chosen but not sent asks first,
// and pressing a button twice sends the form once.

const OWN = "[data-editor], #decision, [data-bulk], #changelist-form"; // look after themselves, or have nothing typed
const REPEAT_MS = 10_000; // an answer that hasn't come by then may be requested again

const touched = new Set();
const sent = new Map(); // what each form sent last, and when
let leaving = null; // the form that is being sent

function isChanged(field) {
  if (field.matches("[type=file]")) return field.files.length > 0;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

// Whether the server returned the form, with errors or because the session ended: then what it shows isn't saved either.
const hasErrors = document.querySelector("#content :is(.errornote, .errorlist, .decision__error, .errors)") !== null;
const isText = (field) => field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])");
const isReturned = (form) =>
  form.matches("[data-unsaved]") || (hasErrors && [...form.elements].some((field) => isText(field) && field.value.trim()));

const isUnsent = (form) => [...touched].some((field) => field.form === form && isChanged(field)) || isReturned(form);

document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post" && !target.form.matches(OWN)) touched.add(target);
});

// On the window, after the listeners of scripts that send a form themselves.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-editor]")) return;
  const fields = String(new URLSearchParams(new FormData(form, event.submitter)));
  const last = sent.get(form);
  if (last?.fields === fields && Date.now() - last.at < REPEAT_MS) {
    event.preventDefault();
    return;
  }
  sent.set(form, { fields, at: Date.now() });
  leaving = form;
});

addEventListener("pageshow", () => {
  sent.clear();
  leaving = null;
});

addEventListener("beforeunload", (event) => {
  const forms = [...document.forms].filter((form) => form.method === "post" && !form.matches(OWN));
  if (forms.some((form) => form !== leaving && isUnsent(form))) event.preventDefault();
  leaving = null;
  setTimeout(() => event.defaultPrevented && sent.clear()); // asked, and whoever stays may send again
});
