// Renews the review lock every minute while the revision's page is open and visible, and releases it on leaving.
import { AGAIN, onPage } from "../navigation/visit.js";
import { send } from "../send.js";
import { fill, gettext } from "../../shared/i18n.js";

const RENEW_MS = 60_000;

function show(text, { name, minutes, isOwn }) {
  if (isOwn || !name) {
    text.textContent = isOwn ? gettext("Others can see that you are reviewing this.") : "";
    return;
  }
  const holder = document.createElement("b");
  holder.textContent = name;
  const message = minutes
    ? fill(gettext("%(name)s has been reviewing this for %(minutes)s min."), { minutes })
    : gettext("%(name)s just started reviewing this.");
  const [before, after] = message.split("%(name)s");
  text.replaceChildren(before, holder, after);
}

function hold(form, signal) {
  let renewing = null;
  const request = async () => {
    try {
      const response = await send(form);
      if (response.ok) show(form.querySelector("[data-review-lock-text]"), await response.json());
    } catch {
      // Offline: the lock expires by itself.
    }
  };
  const renew = () => {
    if (!document.hidden) renewing = request();
  };
  const release = () => send(form, form.dataset.release).catch(() => {});

  renew();
  const timer = setInterval(renew, RENEW_MS);
  document.addEventListener("visibilitychange", renew, { signal });
  addEventListener("pagehide", release, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    // What was sent to renew it mustn't arrive later.
    if (signal.reason !== AGAIN) Promise.resolve(renewing).then(release);
  });
}

onPage((signal) => {
  const form = document.querySelector("[data-review-lock]");
  if (form) hold(form, signal);
});
