// Answering a correction request by keyboard: a number chooses the outcome and leads to what has to be said with it, and
// Ctrl and Enter send the answer. Loaded before what lists the keys of the page.
import { bindKeys, listKeys } from "../../shared/keys.js";
import { isSendKey } from "../send_key.js";

const form = document.querySelector(".answer");

if (form) {
  const { outcome, corrected_in: revision, answer } = form.elements;
  bindKeys({
    outcome(key) {
      const choice = outcome[Number(key) - 1];
      choice.click();
      (choice.value === "corrected" ? revision : answer).focus();
    },
  });
  listKeys("send");
  form.addEventListener("keydown", (event) => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
