// The review page: listening, stepping through what is to be decided, and the keys for deciding. The form works without it.
import { chosenItem, goTo as focusItem, itemOf, items, linkOf, neighbour } from "../../listen/items.js";
import { watchListening } from "../../listen/listen.js";
import "../../shared/panels.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys, listKeys } from "../../shared/keys.js";
import { watchKeyHelp } from "../../shared/key_help.js";
import { confirmDecision } from "../decide.js";
import { AGAIN, onPage } from "../navigation/visit.js";
import { watchMargin } from "./margin.js";
import { isSendKey } from "../send_key.js";
import { arrivedAt, turnPage } from "../steps.js";
import { questionInPart, watchTicks } from "./ticks.js";

const PROBLEMS = ".status--not-found, .status--partly, .status--said-elsewhere, .status--said-nearby, .status--lapsed, .tag--warn";
const DECISIONS = {
  approve: ["approve_and_publish", "approve", "approve_again", "confirm", "review_whole"],
  requestChanges: ["request_changes"],
  reject: ["reject"],
};

// Keys step through the changes, or the citations of a new article.
function watchSteps(page) {
  const goTo = (change) => {
    if (!change) return false;
    for (const other of page.querySelectorAll("[data-current]")) delete other.dataset.current;
    change.dataset.current = "";
    return focusItem(change);
  };
  const step = (by) => goTo(neighbour(by)) || turnPage(by) || goTo(chosenItem());
  const isProblem = (item) => item.querySelector(PROBLEMS);
  const arrived = arrivedAt();
  const arrive = () => goTo(items().at(arrived));
  // Until the page has loaded, the browser goes to the list that its address names, which takes the focus away.
  if (arrived !== null && document.readyState === "complete") arrive();
  else if (arrived !== null) addEventListener("load", () => setTimeout(arrive));
  bindKeys({ next: () => step(1), previous: () => step(-1), problem: () => goTo(neighbour(1, isProblem)) || turnPage(1) });
}

// A comment that isn't beside its claim says which moment it is about.
function beginWith(field, moment) {
  if (!moment || field.value.includes(`${moment}: `)) return;
  field.value += `${field.value.trim() ? "\n" : ""}${moment}: `;
}

// Keys press what the chosen item has.
function watchItem(page, decision) {
  const press = (...selectors) => () => {
    const control = selectors.map((selector) => chosenItem()?.querySelector(selector)).find(Boolean);
    control?.click();
    return Boolean(control);
  };
  if (page.querySelector("[data-tick]")) bindKeys({ tick: press("[data-tick]") });
  if (page.querySelector(".link-button[name=citation]")) {
    bindKeys({ confirm: press(".moment--new .link-button[name=citation]", ".link-button[name=citation]") });
  }
  // The confirmation given last, wherever it is: it is shown, so that nobody takes back what they don't see.
  const undo = () => {
    const buttons = [...page.querySelectorAll("[data-undo]")].filter((button) => button.checkVisibility());
    const number = ({ value }) => Number(value.split("-").at(-1));
    const last = buttons.sort((one, other) => number(other) - number(one))[0];
    if (!last) return false;
    focusItem(itemOf(last));
    last.click();
    return true;
  };
  if (page.querySelector(".link-button[name=citation], [data-undo]")) bindKeys({ undo });
  const comment = () => {
    const own = chosenItem()?.querySelector(".comment-form");
    const form = own ?? (chosenItem() && page.querySelector("[data-part=comment] .comment-form"));
    if (form) form.open = true;
    const field = (own ? own.querySelector("textarea") : form?.querySelector("[name='text:']")) ?? decision?.elements.comment;
    if (!field) return false;
    if (!own && chosenItem()) beginWith(field, linkOf(chosenItem())?.textContent.trim());
    field.focus();
    return true;
  };
  if (page.querySelector(".comment-form") ?? decision?.elements.comment) bindKeys({ comment });
}

// Comments and replies are sent from any of their fields, the comment for the author with a decision; Escape leaves them, so that
// the next key isn't typed.
function watchSendKey(page, comment) {
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.blur();
      focusItem(chosenItem());
      return;
    }
    if (isSendKey(event) && event.target === comment) sayHowSent(comment);
    const button = isSendKey(event) && event.target.closest(".comment-form__fields")?.querySelector("button[formaction]");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  if (page.querySelector(".comment-form")) listKeys("send");
}

function sayHowSent(comment) {
  comment.parentElement.querySelector("[data-how]")?.remove();
  const note = Object.assign(document.createElement("span"), { className: "decision__error", role: "alert" });
  note.dataset.how = "";
  note.textContent = gettext("This comment goes to the author with your decision. Press Esc, then choose one.");
  comment.after(note);
}

// Every decision asks first, by key and by button.
function watchDecisions(page, decision) {
  // The first of these that is open to the user.
  const button = (acts) => acts.map((act) => decision.querySelector(`[name=act][value=${act}]`)).find(Boolean);
  const ask = (chosen) => {
    const inPart = "publish" in chosen.dataset && questionInPart(page, chosen.dataset);
    const options = inPart || { needsComment: "asksComment" in chosen.dataset };
    return decision.ariaBusy !== "true" && confirmDecision(chosen, decision.elements.comment, options);
  };
  decision.addEventListener("click", (event) => {
    const chosen = event.target.closest("[name=act][data-says]:not([data-says=''])");
    if (!chosen) return;
    event.preventDefault();
    ask(chosen);
  });
  for (const [name, acts] of Object.entries(DECISIONS)) {
    if (button(acts)) bindKeys({ [name]: () => ask(button(acts)) });
  }
}

onPage((signal) => {
  const page = document.querySelector("[data-review]");
  if (!page) return;
  const decision = document.getElementById("decision");
  for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;
  watchTicks(page, decision?.elements.note);
  if (items().length) {
    const listening = watchListening({ signal });
    signal.addEventListener("abort", () => signal.reason === AGAIN || listening.stop());
    watchSteps(page);
  }
  watchItem(page, decision);
  watchMargin(page, signal);
  watchSendKey(page, decision?.elements.comment);
  if (decision) watchDecisions(page, decision);
  watchKeyHelp();
});
