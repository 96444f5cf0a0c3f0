// A confirmation says that somebody listened: whoever confirms what can be played here and wasn't is asked, on every page, by
// button and by key.
import { itemOf, linkOf, momentOf } from "./items.js";

const played = new Set(); // by recording and second
const answered = new WeakSet(); // buttons whose question was answered with yes

const keyOf = ({ audio, video, start }) => `${video || audio}@${start}`;

export const notePlayed = (moment) => played.add(keyOf(moment));

export function watchConfirmations(signal) {
  let ask = null;
  const loading = import("./ask.js").then((module) => (ask = module.ask)).catch(() => {});
  const onClick = async (event) => {
    const button = event.target.closest?.("[data-confirm]");
    const link = button && !answered.has(button) && linkOf(itemOf(button) ?? button);
    const moment = link && momentOf(link);
    if (!moment || played.has(keyOf(moment))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const confirm = () => {
      answered.add(button);
      button.click();
    };
    if (!ask) await loading; // else the question is there before the next key
    if (ask) ask(button, moment, confirm);
    else confirm(); // a question that can't be loaded is no reason for a button that does nothing
  };
  addEventListener("click", onClick, { signal, capture: true });
}
