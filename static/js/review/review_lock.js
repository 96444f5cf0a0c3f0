// Renews the review lock every minute while the revision's page is open and visible, and releases it on leaving.
import { send } from "./send.js";
import { fill, gettext } from "../shared/i18n.js";

const RENEW_MS = 60_000;

const form = document.querySelector("[data-review-lock]");
const text = form?.querySelector("[data-review-lock-text]");

const show = ({ name, minutes, isOwn }) => {
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
};

const renew = async () => {
  if (document.hidden) return;
  try {
    const response = await send(form);
    if (response.ok) show(await response.json());
  } catch {
    // Offline: the lock expires by itself.
  }
};

if (form) {
  renew();
  setInterval(renew, RENEW_MS);
  document.addEventListener("visibilitychange", renew);
  addEventListener("pagehide", () => send(form, form.dataset.release).catch(() => {}));
}
