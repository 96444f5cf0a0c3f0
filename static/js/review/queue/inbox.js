// Opening a notice marks it as read, without delaying the navigation.
import { send } from "../send.js";

for (const notice of document.querySelectorAll("[data-notice]")) {
  const form = notice.querySelector("form");
  if (!form) continue;
  notice.querySelector("[data-notice-open]").addEventListener("click", () => send(form).catch(() => {}));
}
