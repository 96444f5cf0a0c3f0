// The review page: keyboard shortcuts, linked checkboxes, and a publish button that says how much it will publish.
// The form works without it.
import { chosenItem, goTo as focusItem, items, neighbour } from "../listen/items.js";
import { watchListening } from "../listen/listen.js";
import "../shared/panels.js";
import { fill, gettext } from "../shared/i18n.js";
import { bindKeys } from "../shared/keys.js";
import { watchKeyHelp } from "../shared/key_help.js";
import { confirmDecision } from "./decide.js";
import { watchMargin } from "./margin.js";
import { arrivedAt, turnPage } from "./steps.js";

const page = document.querySelector("[data-review]");
const ticks = [...page.querySelectorAll("[data-tick]")];
const decision = document.getElementById("decision");

for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;

// Checkboxes: a change that cites a new source depends on that source; a section's checkbox mirrors its changes.
const tickOf = new Map(ticks.map((tick) => [tick.value, tick]));
const needsOf = (tick) => tick.dataset.needs.split(" ").filter(Boolean);
const sectionTicks = [...page.querySelectorAll("[data-section-tick]")];
const partsOf = (tick) => tick.dataset.sectionTick.split(" ").map((id) => tickOf.get(id)).filter(Boolean);
const publish = page.querySelector("[data-publish]");
const whole = publish?.dataset.publish;
const elsewhere = [...page.querySelectorAll("input[type=hidden][name=accept]")]; // ticked on other pages
const total = Number(page.querySelector("[data-changes]")?.dataset.changes);

const updateDependents = (tick) => {
  if (tick.checked) {
    for (const id of needsOf(tick)) if (tickOf.has(id)) tickOf.get(id).checked = true;
  } else {
    for (const other of ticks) if (needsOf(other).includes(tick.value)) other.checked = false;
  }
};

// The public note that is suggested for what is ticked, as the server suggests one for all changes (`prefill_note`).
const note = decision?.elements.note;
const NOTES = ["correction", "clarification", "re-timed citations", "added citations", "minor"];
const suggestNote = () => {
  const parts = [...ticks.filter((tick) => tick.checked), ...elsewhere].map((input) => input.dataset.note);
  const found = NOTES.find((part) => parts.includes(part)) ?? "";
  return found === "added citations" ? "clarification" : found;
};
let suggested = suggestNote();

// A note that somebody chose stays.
const refreshNote = () => {
  const before = suggested;
  suggested = suggestNote();
  if (note?.value === before) note.value = suggested;
};

const refresh = () => {
  for (const section of sectionTicks) {
    const ticked = partsOf(section).filter((tick) => tick.checked).length;
    section.checked = ticked === partsOf(section).length;
    section.indeterminate = ticked > 0 && !section.checked;
  }
  if (!publish) return;
  const ticked = ticks.filter((tick) => tick.checked).length + elsewhere.length;
  const isPart = ticked < total;
  publish.textContent = isPart ? fill(gettext("Publish %(ticked)s of %(total)s"), { ticked, total }) : whole;
  publish.disabled = isPart && ticked === 0;
  for (const element of page.querySelectorAll("[data-whole]")) element.hidden = isPart;
};

page.addEventListener("change", ({ target }) => {
  if (target.matches("[data-tick]")) updateDependents(target);
  else if (target.matches("[data-section-tick]")) {
    for (const tick of partsOf(target)) {
      tick.checked = target.checked;
      updateDependents(tick);
    }
  } else return;
  refresh();
  refreshNote();
});
if (ticks.length) refresh();

// Keyboard shortcuts: step through the changes, or the citations of a new article.
const goTo = (change) => {
  if (!change) return false;
  for (const other of page.querySelectorAll("[data-current]")) delete other.dataset.current;
  change.dataset.current = "";
  return focusItem(change);
};

const step = (by) => goTo(neighbour(by)) || turnPage(by) || goTo(chosenItem());
const arrived = arrivedAt();
// Until the page has loaded, the browser goes to the list that its address names, which takes the focus away.
if (arrived !== null) addEventListener("load", () => setTimeout(() => goTo(items().at(arrived))));

// The first of these decisions that is open to the user.
const button = (...acts) => acts.map((act) => decision?.querySelector(`[name=act][value=${act}]`)).find(Boolean);
const ask = (chosen) => confirmDecision(chosen, decision.elements.comment, { needsComment: "asksComment" in chosen.dataset });
decision?.addEventListener("click", (event) => {
  const chosen = event.target.closest("[name=act][data-says]:not([data-says=''])");
  if (!chosen) return;
  event.preventDefault();
  ask(chosen);
});

const isProblem = (item) => item.querySelector(".status--not-found, .status--partly, .status--said-elsewhere, .status--said-nearby, .status--lapsed, .tag--warn");

const comment = () => {
  const form = chosenItem()?.querySelector(".comment-form");
  if (form) form.open = true;
  const field = form?.querySelector("textarea") ?? decision?.elements.comment;
  field?.focus();
  return Boolean(field);
};

if (items().length) {
  watchListening();
  bindKeys({ next: () => step(1), previous: () => step(-1), problem: () => goTo(neighbour(1, isProblem)) || turnPage(1) });
}
if (ticks.length) {
  bindKeys({
    tick: () => {
      const tick = chosenItem()?.querySelector("[data-tick]");
      tick?.click();
      return Boolean(tick);
    },
  });
}
if (page.querySelector(".link-button[name=citation]")) {
  bindKeys({
    confirm: () => {
      const confirm = chosenItem()?.querySelector(".moment--new .link-button[name=citation], .link-button[name=citation]");
      confirm?.click();
      return Boolean(confirm);
    },
  });
}
if (page.querySelector(".comment-form") ?? decision?.elements.comment) bindKeys({ comment });
watchMargin(page);
const decisions = {
  approve: ["approve_and_publish", "approve", "approve_again", "confirm", "review_whole"],
  requestChanges: ["request_changes"],
  reject: ["reject"],
};
for (const [name, acts] of Object.entries(decisions)) {
  if (button(...acts)) bindKeys({ [name]: () => ask(button(...acts)) });
}
watchKeyHelp();
