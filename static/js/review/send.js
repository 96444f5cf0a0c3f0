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
