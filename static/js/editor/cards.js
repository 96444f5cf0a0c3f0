// Section cards: add, remove, undo, move, change the level, open and close. All state is kept in the form's own fields.
import { changed, say } from "./text.js";
import { fill, gettext } from "../shared/i18n.js";

export const cardsOf = (form) => [...form.querySelectorAll("[data-card]:not([data-card=lead])")];

const field = (card, name) => card.querySelector(`[name="${card.dataset.card}-${name}"]`);
const nameOf = (card) => field(card, "heading").value.trim() || gettext("Untitled section");
const visibleCards = (form) => cardsOf(form).filter((card) => !card.hasAttribute("data-blank"));

// Write the order of the cards on the page into their ORDER fields.
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

const levelOf = (card) => Number(card.querySelector(".levels input:checked")?.value ?? 1);

function setLevel(card, level) {
  const radio = card.querySelector(`.levels input[value="${level}"]`);
  if (!radio) return false;
  radio.checked = true;
  showLevel(card);
  return true;
}

function showLevel(card) {
  for (let level = 1; level <= 5; level++) card.classList.toggle(`section-card--level-${level}`, level === levelOf(card));
}

export function remove(form, card, isRemoved = true) {
  field(card, "DELETE").checked = isRemoved;
  card.toggleAttribute("data-removed", isRemoved);
  card.querySelector("[data-removed-heading]").textContent = nameOf(card);
  (isRemoved ? card.querySelector("[data-undo]") : field(card, "heading")).focus();
  const message = isRemoved ? gettext("%(section)s removed. You can undo this until you save.") : gettext("%(section)s restored.");
  say(form, fill(message, { section: nameOf(card) }));
  renumber(form);
}

// Move a card up or down by one; the focus stays where it was.
function move(form, card, by) {
  const cards = visibleCards(form);
  const index = cards.indexOf(card) + by;
  if (index < 0 || index >= cards.length) {
    const message = by < 0 ? gettext("%(section)s is already first.") : gettext("%(section)s is already last.");
    say(form, fill(message, { section: nameOf(card) }));
    return;
  }
  const focused = document.activeElement;
  if (by < 0) cards[index].before(card);
  else cards[index].after(card);
  if (card.contains(focused)) focused.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  say(form, fill(gettext("%(section)s: now %(place)s of %(count)s."), { section: nameOf(card), place: index + 1, count: cards.length }));
  renumber(form);
}

const SHORTCUTS = {
  ArrowUp: (form, card) => move(form, card, -1),
  ArrowDown: (form, card) => move(form, card, 1),
  ArrowLeft: (form, card) => shift(form, card, -1),
  ArrowRight: (form, card) => shift(form, card, 1),
};

function shift(form, card, by) {
  if (!setLevel(card, levelOf(card) + by)) return;
  say(form, fill(gettext("%(section)s: level %(level)s."), { section: nameOf(card), level: levelOf(card) }));
  changed(field(card, "heading"));
}

export function watchCards(form) {
  const actions = {
    "[data-move]": (button, card) => move(form, card, Number(button.dataset.move)),
    "[data-remove]": (button, card) => remove(form, card),
    "[data-undo]": (button, card) => remove(form, card, false),
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
    if (card && event.target.closest(".levels")) showLevel(card);
  });
  form.addEventListener("input", (event) => {
    const card = event.target.closest("[data-card]");
    if (event.target.closest(".section-card__heading")) card.setAttribute("aria-label", fill(gettext("Section: %(section)s"), { section: nameOf(card) }));
  });
  // Enter in a heading moves on to the section's text instead of submitting the form.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.closest(".section-card__heading")) return;
    event.preventDefault();
    const card = event.target.closest("[data-card]");
    setOpen(card, true);
    field(card, "body").focus();
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
