// What really played on this page, by recording and second.
import { LEAD_SECONDS } from "./items.js";

const GAP_SECONDS = 3; // at most between two reports of a player that plays, at twice the speed
const heard = new Map(); // by recording: the seconds that played
let latest = {}; // {key, seconds} that was reported last

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

export const wasHeard = ({ start, end, ...recording }) =>
  heard.get(keyOf(recording))?.some((second) => second >= start - LEAD_SECONDS && second <= (end ?? start + LEAD_SECONDS));
