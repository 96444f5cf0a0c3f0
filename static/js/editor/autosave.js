// Saves the form to the draft while it is written, over the version it was loaded from, and never over another.
import { say, token } from "./text.js";
import { fill, gettext } from "../words.js";

const QUIET_MS = 4_000;
const AT_MOST_MS = 15_000;
const PATIENCE_MS = 30_000;

// How the text stands: `isUnsaved`, why it cannot be saved by itself any more (`stopped`), what is on its way.
export function watchAutosave(form) {
  const work = {
    isUnsaved: form.hasAttribute("data-unsaved"),
    isPaused: false,
    stopped: form.hasAttribute("data-conflict"),
    running: null,
  };
  let changes = 0;
  let timer = null;
  let latest = null; // by when it is saved though nobody rests
  let unanswered = null; // sent, and nobody knows whether it arrived

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
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer = await response.json();
    unanswered = null;
    return { status: response.status, answer };
  };

  // Save now, and say how it went: `state` is "saved", "invalid", "stale", "refused" or "away"; `reason` says why not.
  const attempt = async () => {
    clearTimeout(timer);
    timer = latest = null;
    try {
      if (unanswered) {
        const { status, answer } = await send(unanswered); // first what may have arrived, and is known when it has
        if (status === 200) take(form, answer);
      }
      const sent = changes;
      const { status, answer } = await send(fields());
      if (status !== 200) return refused(status, answer);
      take(form, answer);
      work.isUnsaved = changes !== sent;
      line.textContent = work.isUnsaved ? gettext("Saving …") : fill(gettext("Saved %(time)s."), { time: answer.saved_at });
      form.dispatchEvent(new CustomEvent("editor:saved", { detail: { ...answer, isAll: !work.isUnsaved } }));
      if (work.isUnsaved) soon();
      return { state: "saved" };
    } catch {
      line.textContent = gettext("Not saved: the site cannot be reached. Your text is kept in this browser.");
      later(AT_MOST_MS);
      return { state: "away", reason: gettext("The site cannot be reached. Your text is safe in this page; try again.") };
    }
  };

  const refused = (status, { error: reason, address }) => {
    line.textContent = gettext("Not saved.");
    if (status === 409) {
      work.stopped = true;
      form.dispatchEvent(new CustomEvent("editor:stale", { detail: { reason, address } }));
      return { state: "stale", reason };
    }
    form.querySelector("[data-unsaved-reason]").textContent = reason;
    say(form, fill(gettext("Not saved. %(reason)s"), { reason }));
    return { state: status === 422 ? "invalid" : "refused", reason };
  };

  work.save = () => {
    work.running ??= attempt().finally(() => (work.running = null));
    return work.running;
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => work.isPaused || work.stopped || work.save(), wait);
  };
  const soon = () => {
    const now = Date.now();
    latest ??= now + AT_MOST_MS;
    later(Math.max(0, Math.min(QUIET_MS, latest - now)));
  };

  const touched = (event) => {
    if (event.target.type === "file") return;
    changes += 1;
    work.isUnsaved = true;
    line.textContent = gettext("Not saved yet.");
    if (!work.stopped) soon();
  };
  for (const type of ["input", "change", "editor:changed"]) form.addEventListener(type, touched);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && work.isUnsaved && !work.isPaused) work.save();
  });
  return work;
}

// The form goes on from what is saved now.
function take(form, answer) {
  form.querySelector("[data-unsaved-reason]").textContent = "";
  const isNewDraft = form.elements.loaded_as.value !== "draft";
  form.elements.loaded_revision.value = answer.revision;
  form.elements.loaded_version.value = answer.version;
  form.elements.loaded_as.value = "draft";
  form.dataset.article = answer.article;
  for (const [prefix, key] of Object.entries(answer.keys)) {
    const field = form.elements[`${prefix}-key`];
    if (field && !field.value) field.value = key;
  }
  if (isNewDraft) {
    form.querySelector("[data-state]").textContent = fill(gettext("Your draft, revision %(number)s."), { number: answer.number });
    history.replaceState(history.state, "", answer.address);
  }
}
