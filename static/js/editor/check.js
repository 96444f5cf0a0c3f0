// Has the whole form checked while it is written, and puts what comes back beside the text.
import { fillParts, rememberParts } from "./parts.js";
import { token } from "./text.js";
import { gettext } from "../words.js";

const QUIET_MS = 600;

// The form as it stands, for a question about all of it.
export function asked(form) {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", token(form));
  data.set("article", form.dataset.article);
  data.set("is_change", form.dataset.isChange);
  for (const { dataset } of form.querySelectorAll("[data-keyed][data-known]")) {
    if (dataset.known) data.append("evidence_has", `${dataset.keyed}:${dataset.known}`);
  }
  return data;
}

// Ask about the form, and show the answer: the document that came, or null where none did.
export async function ask(form, address, data, signal) {
  const response = await fetch(address, { method: "POST", body: data, signal });
  const text = await response.text();
  if (response.headers.get("Content-Type")?.startsWith("text/plain")) warn(form, text);
  if (!response.headers.get("Content-Type")?.startsWith("text/html") || !(response.ok || response.status === 422)) return null;
  warn(form, "");
  const answer = new DOMParser().parseFromString(text, "text/html");
  fillParts(form, answer);
  form.dispatchEvent(new CustomEvent("editor:checked"));
  return answer;
}

export function watchText(form) {
  let timer = null;
  let running = null;
  rememberParts(form);

  const check = async () => {
    running?.abort();
    running = new AbortController();
    try {
      await ask(form, form.dataset.checkUrl, asked(form), running.signal);
    } catch (error) {
      if (error.name !== "AbortError") warn(form, gettext("The site cannot be reached. Your text is safe in this page; save it later."));
    }
  };

  const soon = (wait = QUIET_MS) => {
    clearTimeout(timer);
    timer = setTimeout(check, wait);
  };
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  form.addEventListener("editor:changed", () => soon(50));
  // Another answer is on its way, made from what stands there now: an earlier one must not come after it.
  form.addEventListener("editor:asking", () => {
    clearTimeout(timer);
    running?.abort();
  });
}

export function warn(form, text) {
  const place = form.querySelector("[data-alert]");
  place.textContent = text;
  place.hidden = !text;
}
