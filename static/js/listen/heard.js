// A confirmation says that somebody listened: whoever confirms what can be played here and wasn't is asked, on every page, by
// button and by key.
import { itemOf, linkOf, momentOf } from "./items.js";

const answered = new WeakSet(); // buttons whose question was answered with yes

export function watchConfirmations(signal) {
  let asking = null;
  const loading = import("./ask.js").then((module) => (asking = module)).catch(() => {});
  const onClick = async (event) => {
    const button = event.target.closest?.("[data-confirm]");
    const link = button && !answered.has(button) && linkOf(itemOf(button) ?? button);
    const moment = link && momentOf(link);
    if (!moment || asking?.wasHeard(moment)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const confirm = () => {
      answered.add(button);
      button.click();
    };
    if (!asking) await loading; // else the question is there before the next key
    if (asking && !asking.wasHeard(moment)) asking.ask(button, moment, confirm);
    else confirm(); // a question that can't be loaded is no reason for a button that does nothing
  };
  addEventListener("click", onClick, { signal, capture: true });
}
