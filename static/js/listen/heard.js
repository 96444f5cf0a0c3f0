// A confirmation says that somebody listened: whoever confirms what can be played here and wasn't is asked, on every page, by
// button and by key.
import { LEAD_SECONDS, itemOf, linkOf, momentOf } from "./items.js";

const GAP_SECONDS = 3; // at most between two reports of a player that plays, at twice the speed
const heard = new Map(); // by recording: the seconds that played
let latest = {}; // {key, seconds} that was reported last
const answered = new WeakSet(); // buttons whose question was answered with yes

const keyOf = ({ audio, video }) => video || audio;

// A player that says it plays may still be loading or have jumped: what counts is that the time went on.
export function notePlaying(recording, seconds) {
  const key = keyOf(recording);
  const went = key === latest.key ? seconds - latest.seconds : 0;
  latest = { key, seconds };
  if (went <= 0 || went > GAP_SECONDS) return;
  if (!heard.has(key)) heard.set(key, []);
  if (heard.get(key).at(-1) !== Math.floor(seconds)) heard.get(key).push(Math.floor(seconds));
}

const wasHeard = ({ start, end, ...recording }) =>
  heard.get(keyOf(recording))?.some((second) => second >= start - LEAD_SECONDS && second <= (end ?? start + LEAD_SECONDS));

export function watchConfirmations(signal) {
  let ask = null;
  const loading = import("./ask.js").then((module) => (ask = module.ask)).catch(() => {});
  const onClick = async (event) => {
    const button = event.target.closest?.("[data-confirm]");
    const link = button && !answered.has(button) && linkOf(itemOf(button) ?? button);
    const moment = link && momentOf(link);
    if (!moment || wasHeard(moment)) return;
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
