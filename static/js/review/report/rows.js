// What can be done with a citation in a row, by its buttons and by keys, is sent without leaving the page. Without this
// script the same forms lead to the same place.
import { chosenItem } from "../../listen/items.js";
import { gettext } from "../../shared/i18n.js";
import "../../shared/panels.js";
import { bodyOf } from "../send.js";

// `onAnswer` gets the document that the server answered with, and its address, which never has a fragment.
export function watchRows(page, { onAnswer }) {
  const status = page.querySelector("[data-status]");
  let sending = null; // resolves once the answer is shown, to whether there was one

  const say = (text) => {
    status.textContent = text;
    return true;
  };

  const sent = async (form, button) => {
    try {
      const response = await fetch(form.action, { method: "POST", body: bodyOf(form, button) });
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!answer.querySelector("[data-rows]")) throw new Error(response.statusText);
      onAnswer(answer, response.url);
      page.querySelector("[data-rows] [aria-invalid=true]")?.focus(); // else its next digits are taken as keys
      const told = page.querySelector(".report__message")?.textContent ?? answer.querySelector(".messagelist li")?.textContent;
      say(told?.trim() ?? "");
      return true;
    } catch {
      say(gettext("Nothing was changed. Check the connection and whether you are still logged in, then try again."));
      return false;
    }
  };

  const send = (form, button) => (sending ??= sent(form, button).finally(() => (sending = null)));

  page.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-row-actions]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  const press = (selector) => {
    const button = chosenItem()?.querySelector(selector);
    button?.click();
    return Boolean(button);
  };

  // The choices may be folded: then the first key shows them, so that nothing moves to a moment that nobody has seen.
  const choose = (index) => {
    const buttons = chosenItem()?.querySelectorAll("button[name=to]") ?? [];
    const details = buttons[index]?.closest("details");
    if (!details) return false;
    if (details.open) {
      buttons[index].click();
      return true;
    }
    details.open = true;
    buttons[0].focus();
    return true;
  };

  const open = (selector, field) => {
    const details = chosenItem()?.querySelector(selector);
    if (!details) return false;
    details.open = true;
    details.querySelector(field).focus();
    return true;
  };

  // The button that takes back the last act comes with the answer to it. If that failed, the button is that of an earlier act.
  const undo = () => {
    if (sending) {
      sending.then((isDone) => isDone && undo());
      return true;
    }
    const button = page.querySelector("[data-undo] button");
    button?.click();
    return Boolean(button);
  };

  return {
    say,
    move(row, time) {
      const form = row.querySelector("[data-typed-time]");
      if (!form) return say(gettext("This citation can’t be moved here."));
      form.elements.time.value = time;
      form.requestSubmit();
      return true;
    },
    typeTime: () => open("details:has([data-typed-time])", "[name=time]") || say(gettext("Nothing is playing.")),
    keys: {
      undo,
      confirm: () => press("button[value=confirm]"),
      suggestion: (key) => choose(Number(key) - 1),
      dismiss: () => open("[data-dismiss]", "select"),
    },
  };
}
