// A confirmation says that somebody listened: whoever confirms what can be played here and wasn't is asked, on every page, by
// button and by key.
import { clock } from "../reader/cards/citations.js";
import { fill, gettext } from "../shared/i18n.js";
import { itemOf, linkOf, momentOf } from "./items.js";

const played = new Set(); // by recording and second
const answered = new WeakSet(); // buttons whose question was answered with yes

const keyOf = ({ audio, video, start }) => `${video || audio}@${start}`;

export const notePlayed = (moment) => played.add(keyOf(moment));

function ask(button, moment) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "keys keys--decision" });
  const named = (tag, textContent, className = "") => Object.assign(document.createElement(tag), { textContent, className });
  const name = fill(gettext("Confirm at %(moment)s"), { moment: clock(moment.start) });
  const says = named("p", gettext("You haven’t played it on this page. A confirmation says that you heard the claim there."));
  const [yes, no] = [named("button", name, "button button--primary"), named("button", gettext("Cancel"), "button")];
  const choices = named("p", "", "keys__choices");
  choices.append(yes, no);
  dialog.append(named("h2", fill(gettext("%(action)s?"), { action: name })), says, choices);
  dialog.setAttribute("aria-label", `${name}?`);
  yes.autofocus = true;
  for (const one of [yes, no]) one.type = "button"; // it may be within the form that it is about
  yes.addEventListener("click", () => dialog.close("yes"));
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    before.focus({ preventScroll: true });
    if (dialog.returnValue !== "yes") return;
    answered.add(button);
    button.click();
  });
  (button.closest("[popover] [data-claim]") ?? document.querySelector("#content, main")).append(dialog); // else the sheet closes
  dialog.showModal();
}

export function watchConfirmations(signal) {
  const onClick = (event) => {
    const button = event.target.closest?.("[data-confirm]");
    const link = button && !answered.has(button) && linkOf(itemOf(button) ?? button);
    const moment = link && momentOf(link);
    if (!moment || played.has(keyOf(moment))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(button, moment);
  };
  addEventListener("click", onClick, { signal, capture: true });
}
