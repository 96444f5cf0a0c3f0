// Goes from one page of the desk to another, with the browser's history, the focus, and words for screen readers. What can't be
// shown in place, such as the log-in page, is loaded.
import { gettext } from "../../shared/i18n.js";
import { fetchPage, showPage } from "./page.js";
import { isAnythingUnsent } from "./visit.js";

const SETTLED_MS = 100; // a live region that is filled while the page changes isn't announced

const addressOf = ({ pathname, search }) => pathname + search;
const content = () => document.getElementById("content");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.querySelector("main").append(status);

let asked = 0; // of several pages that are on their way, the last is shown
let shown = addressOf(location);
let state = { step: 0, ...history.state }; // of this page, with its number in the history
history.replaceState(state, "");

// What is known of this page, also once it was left and has come back.
export const stateOfPage = () => state;

export function say(text) {
  status.textContent = "";
  setTimeout(() => (status.textContent = text), SETTLED_MS);
}

// Lists `items`, as the server lists its messages, at the top of a page.
export function tell(page, ...items) {
  if (!items.length) return;
  let list = page.querySelector("main > .messagelist");
  if (!list) {
    list = Object.assign(page.createElement("ul"), { className: "messagelist" });
    page.getElementById("content").before(list);
  }
  list.prepend(...items);
}

// The focus goes to the heading, unless the page's scripts have put it somewhere.
function focusStart() {
  const start = document.querySelector("#content h1");
  if (!start || document.activeElement !== document.body) return;
  start.tabIndex = -1;
  start.focus({ preventScroll: true });
}

function write(address, next, at) {
  const isNew = address !== shown;
  if (isNew) history.replaceState({ ...state, top: scrollY }, "");
  state = { ...next, step: state.step + isNew };
  history[isNew ? "pushState" : "replaceState"](state, "", at ? `${address}#${at}` : address);
  shown = address;
}

// Shows a page that was fetched, as a step of the history; `known` is what is to be known of it, `at` the id of a place on it.
export async function take({ response, answer }, { reason, known = {}, at = "" } = {}) {
  asked += 1;
  const address = addressOf(new URL(response.url));
  try {
    await showPage(answer, { reason, arrive: () => write(address, known, at) });
  } catch {
    location.assign(address); // a script or style can't be loaded
    return;
  }
  focusStart();
  say([...document.querySelectorAll("main > .messagelist li")].map((item) => item.textContent.trim()).join(" "));
}

// Fetches a page that is asked for in place of this one. Returns null if it is no longer wanted, because another was asked for
// or it has to be loaded. Rejects if the site can't be reached.
async function ask(address, load) {
  const own = (asked += 1);
  content().ariaBusy = "true";
  try {
    const page = await fetchPage(address);
    if (own !== asked) return null;
    if (page.isDesk && page.response.ok) return page;
    load();
    return null;
  } finally {
    content().ariaBusy = null;
  }
}

// Opens the page at `address` in place, with `messages`, items of a list. Rejects if the site can't be reached.
export async function open(address, { known, messages = [] } = {}) {
  const page = await ask(address, () => location.assign(address));
  if (!page) return;
  tell(page.answer, ...messages);
  await take(page, { known });
}

async function comeBack() {
  const arrived = { step: 0, ...history.state };
  if (isAnythingUnsent() && !confirm(gettext("Leave this page? What you typed or selected on it isn’t sent yet."))) {
    history.go(state.step - arrived.step);
    return;
  }
  const page = await ask(location.href, () => location.reload());
  if (!page) return;
  await showPage(page.answer, {
    arrive() {
      state = arrived;
      shown = addressOf(location);
    },
  });
  focusStart();
  scrollTo(0, arrived.top ?? 0);
  say(document.title);
}

addEventListener("popstate", () => {
  if (addressOf(location) !== shown) {
    comeBack().catch(() => location.reload());
    return;
  }
  state = { ...(history.state ?? { ...state, step: state.step + 1 }) }; // a place on the same page
  history.replaceState(state, "");
});
