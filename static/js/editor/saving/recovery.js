// Keeps unsaved text in this browser, and offers to restore it when the article is opened again.
import { token } from "../../shared/token.js";

const WRITE_MS = 400;
const KEPT_DAYS = 30;
const UNNUMBERED = 1e9;
const SENT = "editor-sent"; // where the previous page of this tab noted the copy of what it submitted

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

// Each page keeps its own copy and holds a lock on its name while it is open. A copy of another page is offered once
// that page is gone, or at once if the browser doesn't support locks.
export function watchRecovery(form, draft) {
  const prefix = `editor:${form.dataset.user}:`;
  const own = `${prefix}${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
  navigator.locks?.request(own, () => new Promise(() => {}));
  let timer = null;

  const store = () => {
    timer = null;
    if (!draft.isUnsaved) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    const copy = { at: Date.now(), article: form.dataset.article, title: form.elements.title.value, fields };
    try {
      localStorage.setItem(own, JSON.stringify(copy));
    } catch {
      // Storage is full or switched off: the draft on the site is the only copy.
    }
  };
  const soon = () => (timer ??= setTimeout(store, WRITE_MS));
  for (const type of ["input", "change", "editor:changed"]) form.addEventListener(type, soon);
  addEventListener("pagehide", store);
  form.addEventListener("editor:sent", () => sessionStorage.setItem(SENT, own));
  form.addEventListener("editor:saved", ({ detail }) => detail.isAll && localStorage.removeItem(own));
  if (draft.isUnsaved) store();

  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && hasArrived(form, read(sent))) localStorage.removeItem(sent);

  const copies = [];
  const consider = (name) => {
    const copy = read(name);
    const isOver = !copy || Date.now() - copy.at > KEPT_DAYS * 86_400_000;
    const isOurs = copy?.article === form.dataset.article;
    if (isOver || (isOurs && isShown(form, copy.fields))) {
      localStorage.removeItem(name);
    } else if (isOurs && !form.hasAttribute("data-unsaved")) {
      copies.push({ name, copy });
      offer(form, copies);
    }
  };
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(prefix) || name === own) continue;
    if (navigator.locks) navigator.locks.request(name, () => consider(name)); // now, or once that page is closed
    else consider(name);
  }
}

// Whether the site has received what the previous page submitted.
function hasArrived(form, copy) {
  if (!copy || form.hasAttribute("data-unsaved")) return false;
  const before = Object.fromEntries(copy.fields);
  const isOther = before.loaded_revision !== form.elements.loaded_revision.value;
  return isOther || Number(before.loaded_version) < Number(form.elements.loaded_version.value);
}

// Whether the form already shows this text, however its parts are numbered.
function isShown(form, fields) {
  const entries = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return textOf(entries) === textOf(fields);
}

function textOf(fields) {
  const values = new Map(fields);
  const parts = (kind, names) =>
    Array.from({ length: Number(values.get(`${kind}-TOTAL_FORMS`)) }, (_, index) => (name) => values.get(`${kind}-${index}-${name}`) ?? "")
      .filter((part) => !part("DELETE"))
      .sort((one, other) => (Number(one("ORDER")) || UNNUMBERED) - (Number(other("ORDER")) || UNNUMBERED))
      .map((part) => names.map((name) => part(name)))
      .filter((texts) => texts.some((text) => text.trim()));
  const single = ["title", "lead", "episode", "notice", "language", "edit_summary"].map((name) => values.get(name) ?? "");
  const sections = parts("sections", ["heading", "body", "level"]).filter(([heading, body]) => heading || body);
  return JSON.stringify([single, parts("sources", ["episode"]), sections]);
}

// Offer the newest copy; if that is discarded, the one before.
function offer(form, copies) {
  const banner = form.querySelector("[data-kept]");
  banner.hidden = !copies.length;
  if (!copies.length) return;
  const { name, copy } = copies.sort((one, other) => one.copy.at - other.copy.at).at(-1);
  const at = new Date(copy.at);
  const time = banner.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  banner.querySelector("[data-restore]").onclick = () => restore(form, copy);
  banner.querySelector("[data-discard]").onclick = () => {
    localStorage.removeItem(name);
    copies.pop();
    offer(form, copies);
    form.elements.title.focus();
  };
}

// Have the site fill the form with the text again. It isn't saved until the user has looked at it.
function restore(form, copy) {
  const sender = document.createElement("form");
  sender.method = "post";
  sender.hidden = true;
  const fields = [...copy.fields, ["csrfmiddlewaretoken", token(form)], ["_restore", "1"]];
  for (const [field, value] of fields) {
    const input = document.createElement("textarea");
    input.name = field;
    input.value = value;
    sender.append(input);
  }
  document.body.append(sender);
  sender.submit();
}
