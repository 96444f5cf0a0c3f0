// Saving: Ctrl+S, a warning before unsaved work is left, and a look whether it can arrive before it is sent.
import { cardsOf, setOpen } from "./cards.js";
import { warn } from "./check.js";
import { token } from "./text.js";

const OPEN_CARDS = "editor-open-cards";

export function watchSaving(form) {
  let isUnsaved = form.hasAttribute("data-unsaved");
  let isAllowed = false;
  const touched = (event) => {
    if (event.target.type === "file") return;
    isUnsaved = true;
    form.querySelector("[data-saved]").textContent = "Not saved yet.";
  };
  for (const type of ["input", "change", "editor:changed"]) form.addEventListener(type, touched);

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
  });

  // A session may have ended since the page was opened: then the log-in page would swallow the text.
  form.addEventListener("submit", async (event) => {
    if (isAllowed) return;
    event.preventDefault();
    const { submitter } = event;
    form.elements.csrfmiddlewaretoken.value = token(form);
    try {
      const response = await fetch(form.dataset.episodesUrl);
      if (!response.ok) {
        warn(form, (await response.json()).error);
        return;
      }
    } catch {
      warn(form, "The site cannot be reached. Your text is safe in this page; try again.");
      return;
    }
    isAllowed = true;
    isUnsaved = false;
    rememberOpen(form);
    form.requestSubmit(submitter);
  });

  // Back from the next page, the form can be sent again.
  window.addEventListener("pageshow", () => (isAllowed = false));
  restoreOpen(form);
}

const nameOf = (card) => card.querySelector(`[name="${card.dataset.card}-heading"]`).value;

function rememberOpen(form) {
  const open = cardsOf(form).filter((card) => !card.hasAttribute("data-closed")).map(nameOf);
  sessionStorage.setItem(OPEN_CARDS, JSON.stringify({ path: location.pathname, open, top: window.scrollY }));
}

// After saving, the same cards are open at the same height as before.
function restoreOpen(form) {
  const kept = JSON.parse(sessionStorage.getItem(OPEN_CARDS) ?? "null");
  sessionStorage.removeItem(OPEN_CARDS);
  if (kept?.path !== location.pathname) return;
  for (const card of cardsOf(form)) setOpen(card, kept.open.includes(nameOf(card)));
  if (!location.hash && !form.querySelector("[data-focus]")) window.scrollTo({ top: kept.top });
}
