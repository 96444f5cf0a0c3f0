// Small actions of the review page (confirm, comment, reply, resolve, set priority) are sent without leaving the page:
// only the parts that an action changes are replaced, so ticks, typed text, focus and scroll position stay. Leaving
// with something unsent asks first. Decisions lead on from here. Without this script the server keeps ticks and text itself.
import { sendDecision } from "../navigation/decision.js";
import { askBeforeLeaving, onPage } from "../navigation/visit.js";
import { bodyOf, mustWait } from "../send.js";
import { gettext } from "../../shared/i18n.js";

let page;
let served; // the replaceable parts as the server sent them
let pending; // actions are sent one after the other

// The replaceable parts by name; a citation that is shown twice has two.
function partsOf(root) {
  const parts = new Map();
  for (const part of root.querySelectorAll("[data-part]")) {
    let key = part.dataset.part;
    while (parts.has(key)) key += "+";
    parts.set(key, part);
  }
  return parts;
}

const fieldsOf = (part) => [...part.querySelectorAll("textarea, select, [type=checkbox]")];
const isFilled = (field) => (field.type === "checkbox" ? field.checked : field.value.trim() !== "");

// Copies to `fresh` what was typed or opened in `part` since `sent` left; the rest is as the server returned it.
function keepTyped(part, fresh, sent) {
  const copies = new Map(fieldsOf(fresh).map((field) => [field.name, field]));
  for (const field of fieldsOf(part)) {
    const copy = copies.get(field.name);
    if (!copy) continue;
    if (field.type !== "checkbox" && field.value !== sent.get(field.name)) copy.value = field.value;
    if (field.type === "checkbox" && field.checked !== sent.has(field.name)) copy.checked = field.checked;
  }
  for (const form of part.querySelectorAll(".comment-form, .comment-form__edit")) {
    const fields = fieldsOf(form);
    const copy = copies.get(fields[0].name)?.closest(`.${form.className}`);
    const wasEmpty = fields.every((field) => !sent.get(field.name));
    if (copy && (wasEmpty || fieldsOf(copy).some(isFilled))) copy.open = form.open;
  }
}

function replace(part, fresh, sent) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const selection = [focused?.selectionStart, focused?.selectionEnd];
  keepTyped(part, fresh, sent);
  part.replaceWith(fresh);
  if (!focused) return;
  const field = focused.id && document.getElementById(focused.id);
  fresh.tabIndex = -1;
  (field || fresh).focus({ preventScroll: true });
  if (selection[0] != null) field?.setSelectionRange?.(...selection);
}

// The part with the pressed button is replaced even by what was served before: a form that was sent is empty again.
function show(answer, sent, button) {
  const parts = partsOf(answer);
  for (const [key, part] of partsOf(page)) {
    const fresh = parts.get(key);
    if (!fresh || (fresh.outerHTML === served.get(key) && !part.contains(button))) continue;
    served.set(key, fresh.outerHTML);
    replace(part, document.adoptNode(fresh), sent);
  }
}

// A comment's refusal is above its fields, which keep what was typed: "below" it, as without scripts.
function refuse(button, sentences) {
  const form = button.closest(".comment-form__fields");
  for (const note of page.querySelectorAll("[data-refusal]")) note.remove();
  for (const sentence of sentences) {
    const note = document.createElement("p");
    note.className = "errornote";
    note.dataset.refusal = "";
    note.setAttribute("role", "alert");
    note.textContent = sentence;
    if (form) form.prepend(note);
    else button.after(note);
    note.scrollIntoView({ block: "nearest" });
  }
}

async function act(button, sent) {
  const from = page;
  const response = await fetch(button.formAction, { method: "POST", body: sent });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  if (page !== from) return; // left meanwhile
  if (!answer.querySelector("[data-review]")) {
    refuse(button, [gettext("Not saved. Your text and selection are kept: log in again in another tab, then try again.")]);
    return;
  }
  show(answer, sent, button);
  const action = CSS.escape(button.getAttribute("formaction"));
  const same = `[formaction="${action}"][value="${CSS.escape(button.value)}"]`;
  const shown = button.isConnected ? button : page.querySelector(same);
  const texts = (selector) => [...answer.querySelectorAll(selector)].map((item) => item.textContent.trim());
  refuse(shown ?? page.firstElementChild, texts(".errornote, .messagelist .error, .messagelist .warning"));
  const status = page.querySelector("[data-status]");
  status.textContent = texts(".messagelist .success, .messagelist .info").join(" ");
  const panel = button.closest("details[data-panel]");
  if (panel && status.textContent) saved(panel);
}

function saved(panel) {
  for (const field of panel.querySelectorAll("input")) {
    field.defaultValue = field.value;
    field.defaultChecked = field.checked;
  }
  panel.open = false;
  panel.querySelector("summary").focus({ preventScroll: true });
}

// Sends a small action once those before it were answered.
function sendAction(decision, button) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const sent = bodyOf(decision, button);
  const action = Promise.resolve(pending)
    .then(() => act(button, sent))
    .catch(() => refuse(button, [gettext("Not saved. Your text and selection are kept: check the connection and try again.")]))
    .finally(() => {
      button.ariaBusy = null;
      if (pending === action) pending = null;
    });
  pending = action;
}

function isUnsent(field) {
  if (field.matches("textarea")) return field.value.trim() !== "";
  if (field.matches("[type=checkbox]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((option) => option.selected && !option.defaultSelected && option.value);
  return field.matches("input:not([type=hidden])") && field.value !== field.defaultValue;
}

function bind(signal) {
  page = document.querySelector("[data-review]");
  if (!page) return;
  const decision = document.getElementById("decision");
  served = new Map([...partsOf(page)].map(([key, part]) => [key, part.outerHTML]));
  pending = null;
  let isLeaving = false; // the server refuses it while a comment is unsent, and keeps everything for another page
  decision.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (decision.ariaBusy === "true") event.preventDefault();
    else if (button?.hasAttribute("formaction") && !button.hasAttribute("data-page")) {
      event.preventDefault();
      sendAction(decision, button);
    } else if (!mustWait(pending, event)) {
      isLeaving = !button || button.hasAttribute("data-loads");
      if (isLeaving) return;
      event.preventDefault();
      sendDecision(decision, button);
    }
  });
  askBeforeLeaving(() => !isLeaving && [...decision.elements].some(isUnsent), signal);
  addEventListener("beforeunload", () => (isLeaving = false), { signal });
}

onPage(bind);
