// Saves the form to the draft while it is being edited, but only over the version that it was loaded from.
import { say } from "../text/text.js";
import { fill, gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";
import { showNotes } from "./notes.js";

const PAUSE_MS = 4_000;
const MAX_WAIT_MS = 15_000;
const TIMEOUT_MS = 30_000;

// The state of the draft: `isUnsaved`, `isPaused`, whether it can no longer be saved automatically (`stopped`), and the
// save that is `running`.
export function watchAutosave(form) {
  const draft = {
    isUnsaved: form.hasAttribute("data-unsaved"),
    isPaused: false,
    stopped: form.hasAttribute("data-conflict"),
    running: null,
  };
  let changes = 0;
  let timer = null;
  let deadline = null; // saved by then even if typing never pauses
  let unanswered = null; // sent, but not known to have arrived
  let isAdopting = false;
  let arrived = null; // how many of the changes the site has, though it may not have saved every field
  if (form.hasAttribute("action")) history.replaceState(history.state, "", form.action); // the page of the draft just saved

  const line = form.querySelector("[data-saved]");
  const fields = () => {
    const data = new FormData(form);
    data.set("article", form.dataset.article);
    return data;
  };

  const send = async (data) => {
    data.set("csrfmiddlewaretoken", token(form));
    unanswered = data;
    const response = await fetch(form.dataset.autosaveUrl, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json();
    unanswered = null;
    return { status: response.status, answer };
  };

  // Save now. Returns `state` ("saved", "invalid", "stale", "refused" or "away"), the `texts` that the site has written
  // into fields and, if it failed, the `reason`.
  const attempt = async (more) => {
    clearTimeout(timer);
    timer = deadline = null;
    try {
      if (unanswered) {
        const { status, answer } = await send(unanswered); // send again what may not have arrived; the server recognises a repeat
        if (status === 200) applySaved(form, answer);
      }
      const sent = changes;
      const data = fields();
      for (const [name, value] of Object.entries(more)) data.set(name, value);
      const { status, answer } = await send(data);
      if (more._accept && status === 422 && draft.isUnsaved) soon(); // the edit is refused, not the text
      if (status !== 200) return refused(status, answer);
      applySaved(form, answer);
      arrived = sent;
      const isRefused = showNotes(form, answer.notes);
      const isBehind = changes !== sent;
      draft.isUnsaved = isBehind || isRefused;
      const saved = isRefused ? gettext("Saved %(time)s, except the episode.") : gettext("Saved %(time)s.");
      line.textContent = isBehind ? gettext("Saving …") : fill(saved, { time: answer.saved_at });
      form.dispatchEvent(new CustomEvent("editor:saved", { detail: { ...answer, isAll: !draft.isUnsaved } }));
      if (isBehind) soon();
      return { state: "saved", texts: answer.texts };
    } catch {
      line.textContent = gettext("Not saved: can’t reach the site. Your text is kept in this browser.");
      later(MAX_WAIT_MS);
      return { state: "away", reason: gettext("Can’t reach the site. Your text is safe on this page; try again.") };
    }
  };

  const refused = (status, { error: reason, address }) => {
    line.textContent = gettext("Not saved.");
    if (status === 409) {
      draft.stopped = true;
      form.dispatchEvent(new CustomEvent("editor:stale", { detail: { reason, address } }));
      return { state: "stale", reason };
    }
    const isSaid = form.querySelector("[data-alert]").textContent === reason;
    form.querySelector("[data-unsaved-reason]").textContent = isSaid ? "" : reason;
    say(form, fill(gettext("Not saved. %(reason)s"), { reason }));
    return { state: status === 422 ? "invalid" : "refused", reason };
  };

  // `more` are fields to send with the form's own.
  draft.save = (more = {}) => {
    draft.running ??= attempt(more).finally(() => (draft.running = null));
    return draft.running;
  };

  // Have `write` put texts that the site has written and saved into the form: that leaves nothing to save.
  draft.adopt = (write) => {
    isAdopting = true;
    write();
    isAdopting = false;
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => draft.isPaused || draft.stopped || draft.save(), wait);
  };
  const soon = () => {
    const now = Date.now();
    deadline ??= now + MAX_WAIT_MS;
    later(Math.max(0, Math.min(PAUSE_MS, deadline - now)));
  };

  const onChange = (event) => {
    if (isAdopting || event.target.type === "file") return;
    changes += 1;
    draft.isUnsaved = true;
    line.textContent = gettext("Not saved yet.");
    if (!draft.stopped) soon();
  };
  for (const type of ["input", "change", "editor:changed"]) form.addEventListener(type, onChange);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && draft.isUnsaved && changes !== arrived && !draft.isPaused) draft.save();
  });
  return draft;
}

// Continue from the version that is now saved.
function applySaved(form, answer) {
  form.querySelector("[data-unsaved-reason]").textContent = answer.slug_note;
  const isNewDraft = form.elements.loaded_as.value !== "draft";
  form.elements.loaded_revision.value = answer.revision;
  form.elements.loaded_version.value = answer.version;
  form.elements.loaded_as.value = "draft";
  form.dataset.article = answer.article;
  for (const [prefix, key] of Object.entries(answer.keys)) {
    const field = form.elements[`${prefix}-key`];
    if (field && !field.value) field.value = key;
    const saved = form.elements[`${prefix}-saved_key`];
    if (saved) saved.value = key;
  }
  if (isNewDraft) {
    form.querySelector("[data-state]").textContent = fill(gettext("Your draft, revision %(number)s."), { number: String(answer.number) });
    history.replaceState(history.state, "", answer.address);
  }
  form.dispatchEvent(new CustomEvent("editor:placed", { detail: answer }));
}
