// The review queue: next, previous, open, select, decide, search by key; a revision is opened in its place.
import "../../shared/panels.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys } from "../../shared/keys.js";
import { watchKeyHelp } from "../../shared/key_help.js";
import { confirmDecision } from "../decide.js";
import { open as openPage, tell } from "../navigation/navigation.js";
import { items as itemsOf, linkOf, rememberPlace, takePlace } from "../navigation/place.js";
import { isAnythingUnsent, onPage } from "../navigation/visit.js";
import { watchSelection } from "./selection.js";
import { arrivedAt, turnPage } from "../steps.js";

const boxOf = (item) => item?.querySelector("[type=checkbox]");
const selected = () => [...document.querySelectorAll("[name=revision]:checked")];

function updateCount() {
  const number = selected().length;
  for (const counter of document.querySelectorAll("[data-chosen]")) counter.textContent = number ? ` ${number}` : "";
}

function watchItems(items, signal) {
  const current = () => items.findIndex((item) => item.contains(document.activeElement));
  let last = -1;
  const place = () => (current() === -1 ? Math.max(last, 0) : current());

  const focus = (item) => {
    linkOf(item)?.focus();
    item?.scrollIntoView({ block: "nearest" });
  };

  const go = (step) => {
    const from = current() === -1 ? last : current();
    const isPast = from !== -1 && !items[from + step];
    if (isPast && turnPage(step)) return;
    focus(items[Math.min(Math.max(from + step, 0), items.length - 1)]);
  };

  const open = () => {
    linkOf(items[place()])?.click();
    return items.length > 0;
  };

  document.addEventListener("focusin", () => {
    if (current() !== -1) last = current();
  }, { signal });
  bindKeys({
    next: () => go(1),
    previous: () => go(-1),
    open,
    tick: () => boxOf(items[current()])?.click() ?? Boolean(items[current()]),
  });
  const remembered = takePlace();
  const arrived = arrivedAt() ?? remembered;
  if (arrived !== null && items.length) focus(items.at(Math.min(arrived, items.length - 1)));
  return {
    chosen: () => items[place()],
    // Escape leaves a field so that the shortcuts work again.
    leave: (field) => (last === -1 ? field.blur() : linkOf(items[last]).focus()),
  };
}

// A click opens the revision here, where its place in the queue is known; Enter does, too, as a click on the link.
async function openHere(event, place) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  rememberPlace(place);
  if (isAnythingUnsent()) return; // the browser asks before it leaves
  event.preventDefault();
  try {
    await openPage(event.currentTarget.href, { known: { place } });
  } catch {
    tell(document, Object.assign(document.createElement("li"), { className: "error", textContent: gettext("Can’t reach the site. Try again.") }));
  }
}

// Asks about what is selected, by key and by button.
function ask(bulk, button, onCancel) {
  const subjects = selected().map((chosen) => chosen.dataset.subject);
  return confirmDecision(button, bulk.elements.comment, { needsComment: button.value !== "approve", subjects, onCancel });
}

// What is selected is decided, or else the revision that has the focus, which is selected only for this one decision.
const decide = (bulk, list, act) => () => {
  const button = bulk?.querySelector(`[name=act][value=${act}]`);
  const focused = boxOf(list.chosen());
  if (!button || !focused) return false;
  const isBorrowed = !selected().length;
  const select = (isChosen) => {
    focused.checked = isChosen;
    updateCount();
  };
  if (isBorrowed) select(true);
  return ask(bulk, button, () => isBorrowed && select(false));
};

function watchButtons(bulk) {
  bulk.addEventListener("click", (event) => {
    const button = event.target.closest("[name=act][data-says]");
    if (!button || !selected().length) return;
    event.preventDefault();
    ask(bulk, button);
  });
}

onPage((signal) => {
  if (!document.querySelector(".queue-lists")) return;
  const items = itemsOf();
  const bulk = document.querySelector("[data-bulk]");
  const filters = document.querySelector("[data-filters]");
  const search = filters?.querySelector("[name=q]");
  const list = watchItems(items, signal);
  for (const [place, item] of items.entries()) {
    if (item.closest("[data-items=here]")) linkOf(item)?.addEventListener("click", (event) => openHere(event, place));
  }
  bindKeys({
    approve: decide(bulk, list, "approve"),
    requestChanges: decide(bulk, list, "request_changes"),
    search: () => (search ? search.select() : false),
  });
  watchKeyHelp();
  for (const field of [search, bulk?.elements.comment]) {
    field?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      list.leave(field);
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.name === "revision") updateCount();
    if (filters?.contains(event.target) && event.target.type !== "search") bulk.requestSubmit(filters.querySelector("[data-apply]"));
  }, { signal });
  updateCount();
  if (!bulk) return;
  watchButtons(bulk);
  watchSelection(bulk, signal);
});
