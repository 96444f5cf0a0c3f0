// Has the whole form checked while it is written, and puts what comes back beside the text.
import { token } from "./text.js";

const QUIET_MS = 600;

export function watchText(form) {
  let timer = null;
  let running = null;

  const check = async () => {
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", token(form));
    data.set("article", form.dataset.article);
    data.set("is_change", form.dataset.isChange);
    try {
      const response = await fetch(form.dataset.checkUrl, { method: "POST", body: data, signal: running.signal });
      const text = await response.text();
      if (response.ok) fill(form, text);
      else if (response.headers.get("Content-Type")?.startsWith("text/plain")) warn(form, text);
    } catch (error) {
      if (error.name !== "AbortError") warn(form, "The site cannot be reached. Your text is safe in this page; save it later.");
    }
  };

  const soon = (wait = QUIET_MS) => {
    clearTimeout(timer);
    timer = setTimeout(check, wait);
  };
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  form.addEventListener("editor:changed", () => soon(50));
}

export function warn(form, text) {
  const place = form.querySelector("[data-alert]");
  place.textContent = text;
  place.hidden = !text;
}

// Replace the parts that have come; where the focus stood in one of them, it stands there again.
function fill(form, html) {
  warn(form, "");
  const parts = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of parts.querySelectorAll("[data-part]")) {
    const part = form.querySelector(`[data-part="${CSS.escape(fresh.dataset.part)}"]`);
    if (!part || part.innerHTML === fresh.innerHTML) continue;
    const focusables = () => [...part.querySelectorAll("a, button")];
    const focused = focusables().indexOf(document.activeElement);
    part.replaceChildren(...fresh.childNodes);
    if (focused >= 0) (focusables()[focused] ?? focusables().at(-1))?.focus();
  }
}
