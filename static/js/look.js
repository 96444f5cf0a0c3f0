// Says every minute that the person is looking at the revision, as long as its page is open and seen.
import { fill, gettext } from "./words.js";

const EVERY = 60_000;

const form = document.querySelector("[data-look]");
const text = form?.querySelector("[data-look-text]");

const send = (address) =>
  fetch(address, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
    keepalive: true,
  });

const show = ({ name, minutes, isOwn }) => {
  if (isOwn || !name) {
    text.textContent = isOwn ? gettext("You are looking at it: the desk says so to the others.") : "";
    return;
  }
  const who = document.createElement("b");
  who.textContent = name;
  const said = minutes
    ? fill(gettext("Being looked at by %(name)s, %(minutes)s min."), { minutes })
    : gettext("Being looked at by %(name)s, just now.");
  const [before, after] = said.split("%(name)s");
  text.replaceChildren(before, who, after);
};

const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await send(form.action);
    if (answer.ok) show(await answer.json());
  } catch {
    // No network: the claim runs out by itself.
  }
};

if (form) {
  look();
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => send(form.dataset.leave).catch(() => {}));
}
