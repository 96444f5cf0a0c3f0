// Sends what decides about a revision, or turns a page of its list, without leaving the desk. After a decision the next revision
// of the queue is opened, if this one was opened from there; otherwise whatever the server leads to is shown.
import { gettext } from "../../shared/i18n.js";
import { bodyOf } from "../send.js";
import { fetchPage } from "./page.js";
import { open, say, stateOfPage, take, tell } from "./navigation.js";
import { nextPlace } from "./place.js";
import { AGAIN } from "./visit.js";

const PATIENCE_MS = 60_000;
const NOTICEABLE_MS = 1_000;

const textOf = (element) => element?.textContent.trim() ?? "";

function refuse(form, sentence) {
  const note = Object.assign(document.createElement("p"), { className: "errornote", textContent: sentence });
  note.setAttribute("role", "alert");
  note.dataset.refusal = "";
  form.prepend(note);
}

// Why an answer that is no page of the desk means that nothing was done.
function whyNot({ response, answer }) {
  if (answer.querySelector("form[data-unsaved]")) {
    return gettext("Not saved. Your text and selection are kept: log in again in another tab, then try again.");
  }
  const why = textOf(answer.querySelector("main h1")) || `${response.status} ${response.statusText}`;
  return `${gettext("Not saved. Your text and selection are kept.")} ${why}`;
}

// Takes over the page with what was refused: the errors are where they are without scripts.
async function showRefusal(page) {
  await take({ ...page, response: { url: location.href } }, { reason: AGAIN, known: stateOfPage() });
  const error = document.querySelector("[data-review] > .errornote") ?? document.querySelector(".decision__error");
  if (!error) return;
  error.tabIndex = -1;
  error.focus();
}

// To the list of which a page was turned, by its id; to the top after a decision, where the message is.
function goToList(id) {
  const list = document.getElementById(id);
  if (!list) scrollTo(0, 0);
  if (!list || document.activeElement.closest(".change")) return; // a key that steps on has gone to an item
  list.tabIndex = -1;
  list.focus();
  list.scrollIntoView({ block: "start" });
}

async function goOn(page, button) {
  const { answer } = page;
  if (answer.querySelector("[data-review]")) {
    const at = new URL(button.formAction).searchParams.get("at");
    await take(page, { reason: AGAIN, known: stateOfPage(), at });
    goToList(at);
    return;
  }
  const next = nextPlace(answer, stateOfPage().place);
  if (!next) return take(page);
  const messages = [...answer.querySelectorAll(".messagelist li")];
  try {
    await open(next.link.href, { known: { place: next.place }, messages });
  } catch {
    tell(answer, ...messages);
    await take(page);
  }
}

async function send(form, button) {
  const address = button.hasAttribute("formaction") ? button.formAction : form.action;
  const timer = setTimeout(() => say(gettext("Sending …")), NOTICEABLE_MS);
  try {
    const page = await fetchPage(address, { method: "POST", body: bodyOf(form, button), signal: AbortSignal.timeout(PATIENCE_MS) });
    return { ...page, isAnswer: page.isDesk && (page.response.ok || page.answer.querySelector("[data-review]")) };
  } finally {
    clearTimeout(timer);
  }
}

// Sends `form` by `button` once, however often it is pressed. If nothing comes of it, the form can be used again.
export async function sendDecision(form, button) {
  for (const note of form.querySelectorAll("[data-refusal]")) note.remove();
  form.ariaBusy = "true";
  try {
    const page = await send(form, button);
    if (!form.isConnected) tell(document, ...page.answer.querySelectorAll(".messagelist li")); // left meanwhile
    else if (!page.isAnswer && page.response.redirected) location.assign(page.response.url);
    else if (!page.isAnswer) refuse(form, whyNot(page));
    else if (page.response.ok) await goOn(page, button);
    else await showRefusal(page);
  } catch {
    const unknown = gettext("There was no answer, so it isn’t known whether this was saved. Check the connection and try again: what was saved isn’t saved twice.");
    refuse(form, unknown);
  } finally {
    form.ariaBusy = null;
  }
}
