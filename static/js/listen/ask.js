// The question before a confirmation of what wasn't played; loaded when it is asked.
import { clock } from "../reader/cards/citations.js";
import { fill, gettext } from "../shared/i18n.js";

export { wasHeard } from "./played.js";

// Calls `onYes` if `moment` is confirmed all the same, by its `button`.
export function ask(button, moment, onYes) {
  if (document.querySelector("dialog[open]")) return; // a second click while this was loading
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
    if (dialog.returnValue === "yes") onYes();
  });
  (button.closest("[popover] [data-claim]") ?? document.querySelector("#content, main")).append(dialog); // else the sheet closes
  dialog.showModal();
}
