import { token } from "../shared/token.js";

// What pressing `button` would send of a form, or all its fields without a button.
export function bodyOf(form, button = null) {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token(form));
  if (button?.name) body.set(button.name, button.value);
  return body;
}

// Posts a form without leaving the page, and asks for JSON. The request outlives the page if the user moves on.
export const send = (form, address = form.action, button = null) =>
  fetch(address, { method: "POST", body: bodyOf(form, button), headers: { Accept: "application/json" }, keepalive: true });

const PATIENCE = 10_000; // milliseconds
const waiting = new WeakMap(); // by form: the last submission that waits
const givenUp = new WeakSet(); // what a submission has waited for long enough

// Delays a submission until `pending` (null if there is nothing) has settled or had its time, because a server may handle two
// requests in either order, and what was sent first would replace what was sent last. Of several submissions that wait, only
// the last one is sent. Returns whether this one waits; it is then submitted again.
export function mustWait(pending, event) {
  if (!pending || givenUp.has(pending)) return false;
  const { target: form, submitter } = event;
  event.preventDefault();
  waiting.set(form, event);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => givenUp.add(pending));
  Promise.race([pending, patience]).then(() => waiting.get(form) === event && form.requestSubmit(submitter));
  return true;
}
