// The review page: keyboard shortcuts, linked checkboxes, and a publish button that says how much it will publish.
// The form works without it.
import "../shared/panels.js";
import { arrivedAt, turnPage } from "./steps.js";
import { fill, gettext } from "../shared/i18n.js";

const page = document.querySelector("[data-review]");
const ticks = [...page.querySelectorAll("[data-tick]")];
const changes = [...page.querySelectorAll("[data-change]")];
const help = page.querySelector("[data-keys]");

for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;

// Checkboxes: a change that cites a new source depends on that source; a section's checkbox mirrors its changes.
const tickOf = new Map(ticks.map((tick) => [tick.value, tick]));
const needsOf = (tick) => tick.dataset.needs.split(" ").filter(Boolean);
const sectionTicks = [...page.querySelectorAll("[data-section-tick]")];
const partsOf = (tick) => tick.dataset.sectionTick.split(" ").map((id) => tickOf.get(id)).filter(Boolean);
const publish = page.querySelector("[data-publish]");
const whole = publish?.dataset.publish;
const elsewhere = page.querySelectorAll("input[type=hidden][name=accept]").length; // ticked on other pages
const total = Number(page.querySelector("[data-changes]")?.dataset.changes);

const updateDependents = (tick) => {
  if (tick.checked) for (const id of needsOf(tick)) if (tickOf.has(id)) tickOf.get(id).checked = true;
  else for (const other of ticks) if (needsOf(other).includes(tick.value)) other.checked = false;
};

const refresh = () => {
  for (const section of sectionTicks) {
    const ticked = partsOf(section).filter((tick) => tick.checked).length;
    section.checked = ticked === partsOf(section).length;
    section.indeterminate = ticked > 0 && !section.checked;
  }
  if (!publish) return;
  const ticked = ticks.filter((tick) => tick.checked).length + elsewhere;
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
});
if (ticks.length) refresh();

// Keyboard shortcuts: step through the changes.
let current = -1;

const goTo = (index) => {
  if (!changes.length) return;
  const isPast = current !== -1 && !changes[index];
  if (isPast && turnPage(index - current)) return;
  current = Math.max(0, Math.min(index, changes.length - 1));
  for (const change of changes) delete change.dataset.current;
  changes[current].dataset.current = "";
  changes[current].focus({ preventScroll: true });
  changes[current].scrollIntoView({ block: "nearest" });
};

const arrived = arrivedAt();
// Until the page has loaded, the browser goes to the list that its address names, which takes the focus away.
if (arrived !== null) addEventListener("load", () => setTimeout(() => goTo(arrived ? changes.length - 1 : 0)));

const actions = {
  j: () => goTo(current + 1),
  k: () => goTo(current - 1),
  a: () => changes[current]?.querySelector("[data-tick]")?.click(),
  r: () => page.querySelector("[data-decision] textarea[name=comment]")?.focus(),
  "?": () => (help.open ? help.close() : help.showModal()),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])")) return;
  if (help.open && event.key !== "?") return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
