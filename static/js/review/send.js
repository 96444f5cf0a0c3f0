// Posts a form without leaving the page, and asks for JSON. The request outlives the page if the user moves on.
export const send = (form, address = form.action) =>
  fetch(address, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive: true });
