// The checkboxes of the review page, by which a part of the changes is accepted: a change that cites a new source depends on that
// source, a section's checkbox mirrors its changes, and the button to publish says how many it will.
import { fill, gettext } from "../../shared/i18n.js";

// The public note that is suggested for what is ticked, as the server suggests one for all changes (`prefill_note`).
const NOTES = ["correction", "clarification", "re-timed citations", "added citations", "minor"];

function suggestNote(inputs) {
  const parts = inputs.map((input) => input.dataset.note);
  const found = NOTES.find((part) => parts.includes(part)) ?? "";
  return found === "added citations" ? "clarification" : found;
}

const needsOf = (tick) => tick.dataset.needs.split(" ").filter(Boolean);

const TICKED = "[data-tick]:checked, input[type=hidden][name=accept]";

// What to ask if only some changes are accepted, null if all are: the rest goes back with a comment, which has to be written unless
// open threads on the rest say what to change. In another comparison, the server knows what was ticked.
export function questionInPart(page, { saysInPart: says }) {
  const ids = new Set([...page.querySelectorAll(TICKED)].map((input) => input.value));
  if (!page.querySelector("[data-tick]")) return ids.size ? { needsComment: true, isOptional: true, says } : null;
  if (ids.size >= Number(page.querySelector("[data-changes]").dataset.changes)) return null;
  const idsIn = (key) => page.querySelector(`[data-section="${CSS.escape(key)}"] [data-section-tick]`)?.dataset.sectionTick.split(" ") ?? [];
  const isOnRest = ({ reason: id, reasonIn: key }) => (!id && !key) || (id ? [id] : idsIn(key)).some((each) => !ids.has(each));
  const isOptional = [...page.querySelectorAll("[data-reason]")].some((thread) => isOnRest(thread.dataset));
  return { needsComment: true, isOptional, says };
}

export function watchTicks(page, note) {
  const ticks = [...page.querySelectorAll("[data-tick]")];
  const tickOf = new Map(ticks.map((tick) => [tick.value, tick]));
  const sectionTicks = [...page.querySelectorAll("[data-section-tick]")];
  const partsOf = (tick) => tick.dataset.sectionTick.split(" ").map((id) => tickOf.get(id)).filter(Boolean);
  const publish = page.querySelector("[data-publish]");
  const whole = publish?.dataset.publish;
  const elsewhere = [...page.querySelectorAll("input[type=hidden][name=accept]")]; // ticked on other pages
  const total = Number(page.querySelector("[data-changes]")?.dataset.changes);
  const chosen = () => [...ticks.filter((tick) => tick.checked), ...elsewhere];
  let suggested = suggestNote(chosen());

  const updateDependents = (tick) => {
    if (tick.checked) {
      for (const id of needsOf(tick)) if (tickOf.has(id)) tickOf.get(id).checked = true;
    } else {
      for (const other of ticks) if (needsOf(other).includes(tick.value)) other.checked = false;
    }
  };

  // A note that somebody chose stays.
  const refreshNote = () => {
    const before = suggested;
    suggested = suggestNote(chosen());
    if (note?.value === before) note.value = suggested;
  };

  const refresh = () => {
    for (const section of sectionTicks) {
      const ticked = partsOf(section).filter((tick) => tick.checked).length;
      section.checked = ticked === partsOf(section).length;
      section.indeterminate = ticked > 0 && !section.checked;
    }
    if (!publish) return;
    const ticked = chosen().length;
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
}
