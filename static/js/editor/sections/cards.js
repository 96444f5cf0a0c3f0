// Section cards: add, remove, undo, move, change the level, open and close. All state is kept in the form's own fields.
import { branchOf, levelOf, placesFor, put } from "./branches.js";
import { say } from "../text/text.js";
import { fill, gettext, ngettext } from "../../shared/i18n.js";

const LEVELS = 5;

export const cardsOf = (form) => [...form.querySelectorAll("[data-card]:not([data-card=lead])")];

const field = (card, name) => card.querySelector(`[name="${card.dataset.card}-${name}"]`);
export const nameOf = (card) => field(card, "heading").value.trim() || gettext("Untitled section");
const visibleCards = (form) => cardsOf(form).filter((card) => !card.hasAttribute("data-blank"));

// Write the order of the cards on the page into their ORDER fields, and report that their order or levels have changed.
export function renumber(form) {
  cardsOf(form).forEach((card, index) => (field(card, "ORDER").value = index + 1));
  form.dispatchEvent(new CustomEvent("editor:changed"));
}

export function setOpen(card, isOpen) {
  card.toggleAttribute("data-closed", !isOpen);
  const toggle = card.querySelector("[data-toggle]");
  if (!toggle) return;
  toggle.setAttribute("aria-expanded", String(isOpen));
  toggle.textContent = isOpen ? gettext("Close") : gettext("Open");
}

// Add a section after `card`, or at the end, using the empty form that the server sent as a template.
export function addSection(form, card, { heading = "", body = "", level = "", key = "" } = {}) {
  const total = form.elements["sections-TOTAL_FORMS"];
  const template = document.querySelector("template[data-new-section]");
  const parsed = document.createElement("template");
  parsed.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const fresh = parsed.content.querySelector("[data-card]");
  fresh.removeAttribute("data-blank");
  fresh.classList.remove("section-card--new");
  total.value = Number(total.value) + 1;
  if (card) card.after(fresh);
  else form.querySelector("[data-add-section]").before(fresh);
  field(fresh, "heading").value = heading;
  field(fresh, "body").value = body;
  field(fresh, "key").value = key;
  setLevel(fresh, Number(level || (card && card.dataset.card !== "lead" ? levelOf(card) : 1)));
  setOpen(fresh, true);
  renumber(form);
  fresh.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "sections" } }));
  return fresh;
}

export function setLevel(card, level) {
  const radio = card.querySelector(`.levels input[value="${level}"]`);
  if (!radio) return false;
  radio.checked = true;
  showLevel(card);
  return true;
}

function showLevel(card) {
  for (let level = 1; level <= LEVELS; level++) card.classList.toggle(`section-card--level-${level}`, level === levelOf(card));
}

const shownLevel = (card) => Number(/section-card--level-(\d)/.exec(card.className)[1]);

export function remove(form, card, isRemoved = true) {
  setRemoved(card, isRemoved);
  (isRemoved ? card.querySelector("[data-undo]") : field(card, "heading")).focus();
  const message = isRemoved ? gettext("%(section)s removed. You can undo this until you save.") : gettext("%(section)s restored.");
  say(form, fill(message, { section: nameOf(card) }));
  renumber(form);
}

export function setRemoved(card, isRemoved) {
  field(card, "DELETE").checked = isRemoved;
  card.toggleAttribute("data-removed", isRemoved);
  card.querySelector("[data-removed-heading]").textContent = nameOf(card);
}

// Remove a section; if it has subsections, ask what should happen to them.
async function removeBranch(form, card) {
  const subsections = branchOf(visibleCards(form), card).slice(1).filter((other) => !other.hasAttribute("data-removed"));
  const answer = subsections.length ? await ask(card, subsections) : "only";
  if (!answer) return;
  for (const subsection of subsections) {
    subsection.setAttribute("data-followed", card.dataset.card);
    if (answer === "all") setRemoved(subsection, true);
    else setLevel(subsection, levelOf(subsection) - 1);
  }
  remove(form, card);
}

// Restore a section, and what happened to its subsections when it was removed.
function restore(form, card) {
  for (const subsection of form.querySelectorAll(`[data-followed="${card.dataset.card}"]`)) {
    subsection.removeAttribute("data-followed");
    if (subsection.hasAttribute("data-removed")) setRemoved(subsection, false);
    else setLevel(subsection, levelOf(subsection) + 1);
  }
  card.removeAttribute("data-followed");
  remove(form, card, false);
}

// Returns "all" (remove the subsections too), "only" (keep them, one level higher) or "" (cancel).
function ask(card, subsections) {
  const dialog = document.querySelector("[data-remove-branch]");
  const question = ngettext(
    "“%(section)s” has %(count)s subsection: %(names)s.",
    "“%(section)s” has %(count)s subsections: %(names)s.",
    subsections.length,
  );
  const values = { section: nameOf(card), count: subsections.length, names: subsections.map(nameOf).join(", ") };
  dialog.querySelector("[data-question]").textContent = fill(question, values);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

// Move a section and its subsections up or down by one place; the focus stays where it was.
function move(form, card, by) {
  const cards = visibleCards(form);
  const branch = branchOf(cards, card);
  const others = cards.filter((other) => !branch.includes(other));
  const places = placesFor(others, levelOf(card));
  const place = places.indexOf(cards[cards.indexOf(branch.at(-1)) + 1] ?? null) + by;
  if (place < 0 || place >= places.length) {
    const message = by < 0 ? gettext("%(section)s is already first.") : gettext("%(section)s is already last.");
    say(form, fill(message, { section: nameOf(card) }));
    return;
  }
  const focused = document.activeElement;
  put(branch, places[place], others);
  if (card.contains(focused)) focused.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  const message =
    branch.length > 1
      ? gettext("%(section)s and its subsections: now %(place)s of %(count)s.")
      : gettext("%(section)s: now %(place)s of %(count)s.");
  say(form, fill(message, { section: nameOf(card), place: visibleCards(form).indexOf(card) + 1, count: cards.length }));
  renumber(form);
}

const SHORTCUTS = {
  ArrowUp: (form, card) => move(form, card, -1),
  ArrowDown: (form, card) => move(form, card, 1),
  ArrowLeft: (form, card) => shift(form, card, -1),
  ArrowRight: (form, card) => shift(form, card, 1),
};

// Change the level of a section and of its subsections. Sections that become its subsections are named.
function shift(form, card, by) {
  const cards = visibleCards(form);
  const branch = branchOf(cards, card);
  const levels = branch.map((member) => levelOf(member) + by);
  if (Math.min(...levels) < 1) return;
  if (Math.max(...levels) > LEVELS) {
    say(form, fill(gettext("%(section)s or one of its subsections has the lowest level already."), { section: nameOf(card) }));
    return;
  }
  branch.forEach((member, index) => setLevel(member, levels[index]));
  const joined = branchOf(cards, card).filter((member) => !branch.includes(member));
  const message = joined.length
    ? gettext("%(section)s: level %(level)s. New subsections: %(names)s.")
    : gettext("%(section)s: level %(level)s.");
  say(form, fill(message, { section: nameOf(card), level: levels[0], names: joined.map(nameOf).join(", ") }));
  renumber(form);
}

export function watchCards(form) {
  const actions = {
    "[data-move]": (button, card) => move(form, card, Number(button.dataset.move)),
    "[data-remove]": (button, card) => removeBranch(form, card),
    "[data-undo]": (button, card) => restore(form, card),
    "[data-toggle]": (button, card) => setOpen(card, card.hasAttribute("data-closed")),
    "[data-add-after]": (button, card) => field(addSection(form, card), "heading").focus(),
    "[data-add-section]": () => field(addSection(form, null), "heading").focus(),
  };
  form.addEventListener("click", (event) => {
    for (const [selector, action] of Object.entries(actions)) {
      const button = event.target.closest(selector);
      if (button) action(button, button.closest("[data-card]"));
    }
  });
  form.addEventListener("change", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || !event.target.closest(".levels")) return;
    // The subsections are those of the level before, which the card still shows.
    const by = levelOf(card) - shownLevel(card);
    setLevel(card, shownLevel(card));
    shift(form, card, by);
  });
  form.addEventListener("input", (event) => {
    const card = event.target.closest("[data-card]");
    if (event.target.closest(".section-card__heading")) card.setAttribute("aria-label", fill(gettext("Section: %(section)s"), { section: nameOf(card) }));
  });
  // Enter in the title or a heading moves on to the text below instead of submitting the form.
  form.addEventListener("keydown", (event) => {
    const isTitle = event.target === form.elements.title;
    if (event.key !== "Enter" || event.isComposing || !(isTitle || event.target.closest(".section-card__heading"))) return;
    event.preventDefault();
    const card = event.target.closest("[data-card]");
    if (card) setOpen(card, true);
    (isTitle ? form.elements.lead : field(card, "body")).focus();
  });
  // In the capture phase, to come before what the browser itself does with these keys in a text area.
  document.addEventListener(
    "keydown",
    (event) => {
      const card = event.target.closest?.("[data-card]:not([data-card=lead])");
      if (!card || !event.altKey || !event.shiftKey || event.ctrlKey || !SHORTCUTS[event.key]) return;
      event.preventDefault();
      SHORTCUTS[event.key](form, card);
    },
    true,
  );
}
