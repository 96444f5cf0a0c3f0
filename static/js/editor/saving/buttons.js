// Saving with the buttons: Ctrl+S, a warning before leaving unsaved work, and a check before submitting that the site
// can be reached.
import { cardsOf, setOpen } from "../sections/cards.js";
import { warn } from "../evidence/check.js";
import { gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";

const OPEN_CARDS = "editor-open-cards";

export function watchSaveButtons(form, draft) {
  let isSubmitting = false;

  window.addEventListener("beforeunload", (event) => {
    if (draft.isUnsaved && !isSubmitting) event.preventDefault();
  });

  document.addEventListener("keydown", async (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (draft.isPaused || event.repeat) return;
    await draft.running; // a save by itself isn't kept as one by hand
    if (draft.stopped) form.requestSubmit(form.querySelector("[data-save]"));
    else draft.save({ _save: "1" }); // in place, so that the caret and what can be undone stay
  });

  // Save the text first, as autosave does: if it can't get through (session expired, site unreachable), it stays on this
  // page. Then submit the form over the version just saved.
  form.addEventListener("submit", async (event) => {
    if (isSubmitting) return;
    event.preventDefault();
    const { submitter } = event;
    draft.isPaused = true;
    const problem = await problemWithSaving(form, draft);
    if (problem) {
      draft.isPaused = false;
      warn(form, problem);
      return;
    }
    form.elements.csrfmiddlewaretoken.value = token(form);
    isSubmitting = true;
    rememberOpen(form);
    form.dispatchEvent(new CustomEvent("editor:sent"));
    form.requestSubmit(submitter);
  });

  // After coming back from the next page the form can be submitted again.
  window.addEventListener("pageshow", () => (isSubmitting = draft.isPaused = false));
  restoreOpen(form);
}

// Save what is unsaved, or at least check that the site would accept it. Returns the reason if not, otherwise "".
async function problemWithSaving(form, draft) {
  await draft.running;
  if (draft.isUnsaved && !draft.stopped) {
    const { state, reason } = await draft.save();
    return state === "refused" || state === "away" ? reason : "";
  }
  try {
    const response = await fetch(form.dataset.episodesUrl);
    return response.ok ? "" : (await response.json()).error;
  } catch {
    return gettext("Can’t reach the site. Your text is safe on this page; try again.");
  }
}

const nameOf = (card) => card.querySelector(`[name="${card.dataset.card}-heading"]`).value;

function rememberOpen(form) {
  const open = cardsOf(form).filter((card) => !card.hasAttribute("data-closed")).map(nameOf);
  sessionStorage.setItem(OPEN_CARDS, JSON.stringify({ path: location.pathname, open, top: window.scrollY }));
}

// After saving, the same cards are open and the page is scrolled as before.
function restoreOpen(form) {
  const remembered = JSON.parse(sessionStorage.getItem(OPEN_CARDS) ?? "null");
  sessionStorage.removeItem(OPEN_CARDS);
  if (remembered?.path !== location.pathname) return;
  for (const card of cardsOf(form)) setOpen(card, remembered.open.includes(nameOf(card)));
  if (!location.hash && !form.querySelector("[data-focus]")) window.scrollTo({ top: remembered.top });
}
