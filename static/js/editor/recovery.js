// Keeps in this browser what is typed and not saved yet, and offers it when the article is opened again.
import { token } from "./text.js";

const WRITE_MS = 400;
const KEPT_DAYS = 30;
const UNNUMBERED = 1e9;
const SENT = "editor-sent"; // the name under which the page before, in this tab, kept what it sent

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

// What this page has kept is its own; what another page kept is offered when that page is gone: an open one holds
// a lock on its name. Where the browser knows no locks, it is offered at once.
export function watchRecovery(form, work) {
  const place = `editor:${form.dataset.user}:`;
  const own = `${place}${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
  navigator.locks?.request(own, () => new Promise(() => {}));
  let timer = null;

  const keep = () => {
    timer = null;
    if (!work.isUnsaved) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    const kept = { at: Date.now(), article: form.dataset.article, title: form.elements.title.value, fields };
    try {
      localStorage.setItem(own, JSON.stringify(kept));
    } catch {
      // The browser's room is full or closed: the draft on the site is all there is.
    }
  };
  const soon = () => (timer ??= setTimeout(keep, WRITE_MS));
  for (const type of ["input", "change", "editor:changed"]) form.addEventListener(type, soon);
  addEventListener("pagehide", keep);
  form.addEventListener("editor:sent", () => sessionStorage.setItem(SENT, own));
  form.addEventListener("editor:saved", ({ detail }) => detail.isAll && localStorage.removeItem(own));
  if (work.isUnsaved) keep();

  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && hasArrived(form, read(sent))) localStorage.removeItem(sent);

  const offered = [];
  const consider = (name) => {
    const kept = read(name);
    const isOver = !kept || Date.now() - kept.at > KEPT_DAYS * 86_400_000;
    const isOurs = kept?.article === form.dataset.article;
    if (isOver || (isOurs && isShown(form, kept.fields))) {
      localStorage.removeItem(name);
    } else if (isOurs && !form.hasAttribute("data-unsaved")) {
      offered.push({ name, kept });
      offer(form, offered);
    }
  };
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(place) || name === own) continue;
    if (navigator.locks) navigator.locks.request(name, () => consider(name)); // now, or when that page is gone
    else consider(name);
  }
}

// Whether what the page before sent is what this page was loaded from.
function hasArrived(form, kept) {
  if (!kept || form.hasAttribute("data-unsaved")) return false;
  const before = Object.fromEntries(kept.fields);
  const isOther = before.loaded_revision !== form.elements.loaded_revision.value;
  return isOther || Number(before.loaded_version) < Number(form.elements.loaded_version.value);
}

// Whether the form holds the very same text already, however its parts are numbered.
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

// Offer the newest; when that is discarded, the one before.
function offer(form, offered) {
  const banner = form.querySelector("[data-kept]");
  banner.hidden = !offered.length;
  if (!offered.length) return;
  const { name, kept } = offered.sort((one, other) => one.kept.at - other.kept.at).at(-1);
  const at = new Date(kept.at);
  const time = banner.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  banner.querySelector("[data-restore]").onclick = () => restore(form, kept);
  banner.querySelector("[data-discard]").onclick = () => {
    localStorage.removeItem(name);
    offered.pop();
    offer(form, offered);
    form.elements.title.focus();
  };
}

// The site puts the text into the form again, as it was left: it is saved by who has looked at it.
function restore(form, kept) {
  const sender = document.createElement("form");
  sender.method = "post";
  sender.hidden = true;
  const fields = [...kept.fields, ["csrfmiddlewaretoken", token(form)], ["_restore", "1"]];
  for (const [field, value] of fields) {
    const input = document.createElement("textarea");
    input.name = field;
    input.value = value;
    sender.append(input);
  }
  document.body.append(sender);
  sender.submit();
}
