// Has the server check the whole form while it is being edited, and shows the result in the evidence panel.
import { fillParts, rememberParts } from "./parts.js";
import { gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";

const QUIET_MS = 600;

// The current form data, with what the server needs to check all of it.
export function checkData(form) {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", token(form));
  data.set("article", form.dataset.article);
  data.set("is_change", form.dataset.isChange);
  for (const { dataset } of form.querySelectorAll("[data-keyed][data-known]")) {
    if (dataset.known) data.append("evidence_has", `${dataset.keyed}:${dataset.known}`);
  }
  return data;
}

// Post the form data to `address` and show the answer. Returns the received document, or null if there was none.
export async function requestCheck(form, address, data, signal) {
  const response = await fetch(address, { method: "POST", body: data, signal });
  const text = await response.text();
  if (response.headers.get("Content-Type")?.startsWith("text/plain")) warn(form, text);
  if (!response.headers.get("Content-Type")?.startsWith("text/html") || !(response.ok || response.status === 422)) return null;
  warn(form, "");
  const answer = new DOMParser().parseFromString(text, "text/html");
  fillParts(form, answer);
  const anchor = answer.querySelector("[data-outcome]")?.dataset.anchor;
  form.dispatchEvent(new CustomEvent("editor:checked", { detail: { anchor } }));
  return answer;
}

export function watchChecks(form) {
  let timer = null;
  let running = null;
  rememberParts(form);

  const check = async () => {
    running?.abort();
    running = new AbortController();
    try {
      await requestCheck(form, form.dataset.checkUrl, checkData(form), running.signal);
    } catch (error) {
      if (error.name !== "AbortError") warn(form, gettext("Can’t reach the site. Your text is safe on this page; save it later."));
    }
  };

  const soon = (wait = QUIET_MS) => {
    clearTimeout(timer);
    timer = setTimeout(check, wait);
  };
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  for (const type of ["editor:changed", "editor:recheck"]) form.addEventListener(type, () => soon(50));
  form.addEventListener("editor:saved", ({ detail }) => detail.reopened && soon(50)); // comments, by what was undone
  // A newer answer is on its way: an earlier one must not overwrite it.
  form.addEventListener("editor:asking", () => {
    clearTimeout(timer);
    running?.abort();
  });
}

// Show `text` as an alert above the form; an empty text hides it.
export function warn(form, text) {
  const alert = form.querySelector("[data-alert]");
  const reason = form.querySelector("[data-unsaved-reason]");
  if (reason.textContent === text) reason.textContent = "";
  alert.textContent = text;
  alert.hidden = !text;
}
