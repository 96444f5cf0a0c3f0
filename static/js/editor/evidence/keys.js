// Keys of the editor: hearing, judging and re-timing the claim that has the focus, or the one at the cursor in the text.
import { claimAtCursor, claimOf, noteOf, visibleClaims } from "./claims.js";
import { editorOf, say } from "../text/text.js";
import { chosenItem } from "../../listen/items.js";
import { watchListening } from "../../listen/listen.js";
import { fill, gettext } from "../../shared/i18n.js";
import { bindKeys, isTyping, listKeys } from "../../shared/keys.js";
import { watchKeyHelp } from "../../shared/key_help.js";

const two = (number) => String(number).padStart(2, "0");
const stamp = (seconds) => [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");

// Writes another second into the mark of a claim, as typing it does.
function setTime(form, claim, second) {
  const button = claim.querySelector("[data-set-time]");
  if (!button) {
    say(form, gettext("This citation can’t be moved here."));
    return;
  }
  const { template, span, written } = button.dataset;
  const mark = template.replace("{start}", stamp(second)).replace("{end}", stamp(second + Number(span)));
  button.dataset.replacement = mark;
  button.dataset.message = fill(gettext("%(text)s is now %(mark)s."), { text: written, mark });
  button.click();
}

// `panel` is what watchEvidencePanel returned.
export function watchEvidenceKeys(form, panel) {
  const column = form.querySelector("[data-evidence]");

  const itemAt = (element) => {
    if (element.closest("[data-preview]")) return claimOf(column, element).claim ?? null;
    const field = editorOf(element);
    return (field && claimAtCursor(column, field).claim) ?? null;
  };
  const itemFor = (event) => (isTyping(event) ? itemAt(event.target) : chosenItem());

  const press = (selector) => (key, event) => {
    const button = itemFor(event)?.querySelector(selector);
    button?.click();
    return Boolean(button);
  };

  // A number means a suggestion for the claim, or else a working note of the section: also if the claim is another one
  // than that at the cursor, so that it isn't changed in place of citing the note.
  const choose = (key, event) => {
    const typedIn = isTyping(event) ? editorOf(event.target) : null;
    const item = itemFor(event);
    const card = document.getElementById(item?.closest("[data-of]")?.dataset.of ?? "");
    const field = typedIn ?? card?.querySelector("textarea.markdownx-editor");
    const note = field && noteOf(column, field, key);
    const isOther = typedIn && note && !claimAtCursor(column, typedIn).isAt;
    const button = (!isOther && item?.querySelector(`[data-suggestion="${key}"]`)) || note?.querySelector("[data-note]");
    button?.click();
    return Boolean(button);
  };

  const open = (event) => {
    const details = itemFor(event)?.querySelector("[data-dismiss]");
    if (!details) return false;
    details.closest("details[data-more]")?.setAttribute("open", "");
    details.open = true;
    details.querySelector("button").focus();
    return true;
  };

  const isProblem = (claim) => claim.classList.contains("claim--warn");
  const nextProblem = (event) => {
    const claims = visibleClaims(column);
    const at = claims.indexOf(itemFor(event));
    const next = claims.slice(at + 1).find(isProblem);
    if (next) panel.show(next);
    else if (!panel.turnOn(() => visibleClaims(column).find(isProblem) ?? visibleClaims(column)[0])) {
      const first = claims.find(isProblem);
      if (first) panel.show(first);
      say(form, first ? gettext("That was the last problem. This is the first one.") : gettext("No problems in this text."));
    }
  };

  watchListening({
    itemAt,
    onSet: (claim, second) => setTime(form, claim, second),
    onSilence: () => say(form, gettext("Nothing is playing.")),
  });
  bindKeys({
    next: (key, event) => panel.step(itemFor(event), 1),
    previous: (key, event) => panel.step(itemFor(event), -1),
    problem: (key, event) => nextProblem(event),
    confirm: press("[data-confirm]"),
    suggestion: choose,
    dismiss: (key, event) => open(event),
    find: press("[data-find]"),
    search: () => form.elements.evidence_q?.focus(),
  });
  listKeys("indent", "leave");
  watchKeyHelp();
}
