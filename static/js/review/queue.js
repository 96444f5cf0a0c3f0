// Keyboard shortcuts for the review queue: next, previous, open, select, decide, search.
import "../shared/panels.js";
import { bindKeys } from "../shared/keys.js";
import { watchKeyHelp } from "../shared/key_help.js";
import { confirmDecision } from "./decide.js";
import { watchSelection } from "./selection.js";
import { arrivedAt, turnPage } from "./steps.js";

const OPENED = "queue-opened"; // the place of the revision that was opened by key; after it is decided, the next is there

const items = [...document.querySelectorAll("[data-item]")];
const bulk = document.querySelector("[data-bulk]");
const filters = document.querySelector("[data-filters]");
const search = filters?.querySelector("[name=q]");

const link = (item) => item?.querySelector("[data-open]");
const box = (item) => item?.querySelector("[type=checkbox]");
const current = () => items.findIndex((item) => item.contains(document.activeElement));
let last = -1;

const go = (step) => {
  const from = current() === -1 ? last : current();
  const isPast = from !== -1 && !items[from + step];
  if (isPast && turnPage(step)) return;
  focus(items[Math.min(Math.max(from + step, 0), items.length - 1)]);
};

const focus = (item) => {
  link(item)?.focus();
  item?.scrollIntoView({ block: "nearest" });
};

const open = () => {
  const item = items[current() === -1 ? Math.max(last, 0) : current()];
  if (!item) return false;
  link(item).click();
  return true;
};

const selected = () => [...document.querySelectorAll("[name=revision]:checked")];

// What is selected is decided, or else the revision that has the focus, which is selected only for this one decision.
const decide = (act) => () => {
  const button = bulk?.querySelector(`[name=act][value=${act}]`);
  const focused = box(items[current() === -1 ? Math.max(last, 0) : current()]);
  if (!button || !focused) return false;
  const isBorrowed = !selected().length;
  const select = (isChosen) => {
    focused.checked = isChosen;
    updateCount();
  };
  if (isBorrowed) select(true);
  const subjects = selected().map((chosen) => chosen.dataset.subject);
  const onCancel = () => isBorrowed && select(false);
  return confirmDecision(button, bulk.elements.comment, { needsComment: act !== "approve", subjects, onCancel });
};

bindKeys({
  next: () => go(1),
  previous: () => go(-1),
  open,
  tick: () => box(items[current()])?.click() ?? Boolean(items[current()]),
  approve: decide("approve"),
  requestChanges: decide("request_changes"),
  search: () => (search ? search.select() : false),
});
watchKeyHelp();

document.addEventListener("focusin", () => {
  if (current() !== -1) last = current();
});

// Enter opens by itself; its place is remembered, too.
for (const item of items) link(item)?.addEventListener("click", () => sessionStorage.setItem(OPENED, items.indexOf(item)));

const arrived = arrivedAt() ?? sessionStorage.getItem(OPENED);
sessionStorage.removeItem(OPENED);
if (arrived !== null && items.length) focus(items.at(Math.min(Number(arrived), items.length - 1)));

// Escape leaves a field so that the shortcuts work again.
for (const field of [search, bulk?.elements.comment]) {
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (last === -1) field.blur();
    else link(items[last]).focus();
  });
}

const updateCount = () => {
  const number = selected().length;
  for (const counter of document.querySelectorAll("[data-chosen]")) counter.textContent = number ? ` ${number}` : "";
};

document.addEventListener("change", (event) => {
  if (event.target.name === "revision") updateCount();
  if (filters?.contains(event.target) && event.target.type !== "search") bulk.requestSubmit(filters.querySelector("[data-apply]"));
});
updateCount();
if (bulk) watchSelection(bulk);
