// Tells that the draft is open here, hears who else has it open, and says so when somebody else has saved it.
import { token } from "./text.js";
import { fill, gettext } from "../words.js";

const SETTLED_MS = 2_500;

const described = ({ name, since }) => (since ? fill(gettext("%(name)s since %(since)s"), { name, since }) : name);

export function watchPresence(form, work) {
  const here = form.querySelector("[data-present]");
  const stale = form.querySelector("[data-stale]");

  const body = () => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token(form));
    data.set("revision", form.elements.loaded_revision.value);
    return data;
  };
  const isDraft = () => form.elements.loaded_as.value === "draft";

  const tell = async () => {
    if (!isDraft()) return;
    try {
      const response = await fetch(form.dataset.presentUrl, { method: "POST", body: body() });
      if (!response.ok) return;
      const { others, version, saved_by, saved_at } = await response.json();
      const names = others.length ? fill(gettext("Also here: %(names)s."), { names: others.map(described).join(", ") }) : "";
      if (here.textContent !== names) here.textContent = names;
      if (version > Number(form.elements.loaded_version.value) && !work.running) {
        warn({ reason: fill(gettext("%(saved_by)s saved this draft at %(saved_at)s, after you opened it."), { saved_by, saved_at }) });
      }
    } catch {
      // No network: who is here is not known, and the saving says what is the matter.
    }
  };

  const warn = ({ reason, address = location.href }) => {
    work.stopped = true;
    if (!stale.hidden || form.hasAttribute("data-conflict")) return;
    stale.querySelector("[data-stale-reason]").textContent = reason;
    stale.querySelector("a").href = address;
    stale.hidden = false;
  };

  form.addEventListener("editor:stale", ({ detail }) => warn(detail));
  form.addEventListener("editor:saved", ({ detail }) => detail.version <= 1 && tell());
  addEventListener("pagehide", () => {
    if (!isDraft()) return;
    const data = body();
    data.set("leaves", "1");
    navigator.sendBeacon(form.dataset.presentUrl, data);
  });
  // A page that is left becomes hidden after it has said that it is left: that is no word of presence.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tell());
  addEventListener("pageshow", tell);
  setInterval(tell, Number(form.dataset.presentEvery));
  setTimeout(tell, SETTLED_MS); // the page before may say only now that it is left
  tell();
}
