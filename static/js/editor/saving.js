// Saving by the buttons: Ctrl+S, a warning before unsaved work is left, and a look whether it can arrive before it is
// sent.
import { cardsOf, setOpen } from "./cards.js";
import { warn } from "./check.js";
import { token } from "./text.js";
import { gettext } from "../words.js";

const OPEN_CARDS = "editor-open-cards";

export function watchSaving(form, work) {
  let isAllowed = false;

  window.addEventListener("beforeunload", (event) => {
    if (work.isUnsaved && !isAllowed) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
  });

  // The text is saved first, as it is while one writes: what cannot arrive (the session has ended, the site is away)
  // stays on this page. Then the form is sent, over the version that came of it.
  form.addEventListener("submit", async (event) => {
    if (isAllowed) return;
    event.preventDefault();
    const { submitter } = event;
    work.isPaused = true;
    const problem = await reach(form, work);
    if (problem) {
      work.isPaused = false;
      warn(form, problem);
      return;
    }
    form.elements.csrfmiddlewaretoken.value = token(form);
    isAllowed = true;
    rememberOpen(form);
    form.dispatchEvent(new CustomEvent("editor:sent"));
    form.requestSubmit(submitter);
  });

  // Back from the next page, the form can be sent again.
  window.addEventListener("pageshow", () => (isAllowed = work.isPaused = false));
  restoreOpen(form);
}

// Save what is unsaved, or at least look whether the site would take it; why it would not, else nothing.
async function reach(form, work) {
  await work.running;
  if (work.isUnsaved && !work.stopped) {
    const { state, reason } = await work.save();
    return state === "refused" || state === "away" ? reason : "";
  }
  try {
    const response = await fetch(form.dataset.episodesUrl);
    return response.ok ? "" : (await response.json()).error;
  } catch {
    return gettext("The site cannot be reached. Your text is safe in this page; try again.");
  }
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
