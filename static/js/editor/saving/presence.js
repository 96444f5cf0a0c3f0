// Reports that the draft is open here, shows who else has it open, and warns when someone else has saved it.
import { fill, gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";

const SETTLED_MS = 2_500;

const described = ({ name, since }) => (since ? fill(gettext("%(name)s since %(since)s"), { name, since }) : name);

export function watchPresence(form, draft) {
  const presence = form.querySelector("[data-present]");
  const stale = form.querySelector("[data-stale]");

  const body = () => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token(form));
    data.set("revision", form.elements.loaded_revision.value);
    return data;
  };
  const isDraft = () => form.elements.loaded_as.value === "draft";

  const report = async () => {
    if (!isDraft()) return;
    try {
      const response = await fetch(form.dataset.presentUrl, { method: "POST", body: body() });
      if (!response.ok) return;
      const { others, version, saved_by, saved_at } = await response.json();
      const names = others.length ? fill(gettext("Also editing: %(names)s."), { names: others.map(described).join(", ") }) : "";
      if (presence.textContent !== names) presence.textContent = names;
      if (version > Number(form.elements.loaded_version.value) && !draft.running) {
        const reason = saved_by
          ? gettext("%(saved_by)s saved this draft at %(saved_at)s, after you opened it.")
          : gettext("You saved this draft at %(saved_at)s, after you opened it here.");
        warn({ reason: fill(reason, { saved_by, saved_at }) });
      }
    } catch {
      // Offline: autosave reports the problem.
    }
  };

  const warn = ({ reason, address = location.href }) => {
    draft.stopped = true;
    if (!stale.hidden || form.hasAttribute("data-conflict")) return;
    stale.querySelector("[data-stale-reason]").textContent = reason;
    stale.querySelector("a").href = address;
    stale.hidden = false;
    // The box is where writing began, perhaps far above: the bar says it as well, and leads there.
    form.querySelector("[data-unsaved-reason]").textContent = reason;
    form.querySelector("[data-stale-link]").hidden = false;
  };

  form.addEventListener("editor:stale", ({ detail }) => warn(detail));
  form.addEventListener("editor:saved", ({ detail }) => detail.version <= 1 && report());
  addEventListener("pagehide", () => {
    if (!isDraft()) return;
    const data = body();
    data.set("leaves", "1");
    navigator.sendBeacon(form.dataset.presentUrl, data);
  });
  // A page being left turns hidden after it has reported leaving: don't report presence then.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && report());
  addEventListener("pageshow", report);
  setInterval(report, Number(form.dataset.presentEvery));
  setTimeout(report, SETTLED_MS); // the previous page may report only now that it was left
  report();
}
