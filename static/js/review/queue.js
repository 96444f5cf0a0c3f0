// Keyboard shortcuts for the review queue: next, previous, open, select, decide, search.
import "../shared/panels.js";
import { watchSelection } from "./selection.js";
import { arrivedAt, pageLink, turnPage } from "./steps.js";

const items = [...document.querySelectorAll("[data-item]")];
const bulk = document.querySelector("[data-bulk]");
const filters = document.querySelector("[data-filters]");
const search = filters?.querySelector("[name=q]");
const help = document.querySelector("[data-help]");

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

const keys = {
  j: () => go(1),
  k: () => go(-1),
  o: () => link(items[current()])?.click(),
  x: () => box(items[current()])?.click(),
  d: () => {
    if (!bulk || !items.length) return;
    if (!items.some((item) => box(item)?.checked)) box(items[Math.max(current(), 0)])?.click();
    bulk.querySelector("[name=comment]").focus();
  },
  "/": () => search?.select(),
  n: () => pageLink("next")?.click(),
  p: () => pageLink("prev")?.click(),
  "?": () => help?.showModal(),
};

const isTyping = ({ tagName, type }) =>
  tagName === "TEXTAREA" || tagName === "SELECT" || (tagName === "INPUT" && type !== "checkbox");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("focusin", () => {
  if (current() !== -1) last = current();
});

const arrived = arrivedAt();
if (arrived !== null) focus(items.at(arrived));

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
  const number = document.querySelectorAll("[name=revision]:checked").length;
  for (const counter of document.querySelectorAll("[data-chosen]")) counter.textContent = number ? ` ${number}` : "";
};

document.addEventListener("change", (event) => {
  if (event.target.name === "revision") updateCount();
  if (filters?.contains(event.target) && event.target.type !== "search") bulk.requestSubmit(filters.querySelector("[data-apply]"));
});
updateCount();
if (bulk) watchSelection(bulk);

document.querySelector("[data-help-open]")?.addEventListener("click", () => help.showModal());
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = !items.length;
