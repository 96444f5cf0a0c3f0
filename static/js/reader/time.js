// Reads a time as articles/core/timestamps/grammar.py does with Form.ANY: completely or not at all. Both are tested with
// the cases in tests/support/samples/times.json.
const CLOCK = /^(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9})|:(\d{3})|:\d{2}|;\d{2})?$/;
const SECONDS = /^\d{1,9}(?:[.,]\d{1,9})?$/;
const UNIT = /^(\d{1,6}(?:[.,]\d{1,9})?)\s*(?:(h|hrs?|hours?|std|stunden?)|(m|mins?|minuten?|minutes?)|s|secs?|seconds?|sek|sekunden?)(?![a-z])\.?/i;
const BETWEEN = /^\s*(?:,|and\b|und\b)?\s*/i;
const LONGEST = 40;

const number = (text) => Number(text.replace(",", "."));

// Seconds, or null if all of `text` isn't a time.
export function parseTime(text) {
  const written = text.trim();
  if (written.length > LONGEST) return null;
  if (SECONDS.test(written)) return number(written);
  const clock = CLOCK.exec(written);
  return clock ? clockSeconds(clock, written) : unitSeconds(written);
}

function clockSeconds([, hours, minutes, seconds, fraction, thousandths], written) {
  const colons = written.split(":").length - 1;
  if (colons > 1 && !hours) return null; // frames and thousandths after a colon need hours in front
  if (Number(seconds) > 59 || (hours && Number(minutes) > 59)) return null;
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction ?? thousandths ?? 0}`);
}

function unitSeconds(written) {
  let rest = written;
  let total = 0;
  let before = Infinity;
  while (rest) {
    const match = UNIT.exec(rest);
    if (!match) return null;
    const [all, amount, isHours, isMinutes] = match;
    const unit = isHours ? 3600 : isMinutes ? 60 : 1;
    if (unit >= before || (before < Infinity && number(amount) >= 60)) return null;
    total += number(amount) * unit;
    before = unit;
    rest = rest.slice(all.length);
    if (rest) rest = rest.replace(BETWEEN, "");
    if (!rest && !all.endsWith(written.at(-1))) return null;
  }
  return before < Infinity ? total : null;
}

// The start in ?t=6m31s, #t=00:06:31 or #t=npt:391,430 of an address (Media Fragments 1.0); null without a time,
// or if start and end aren't both times.
export function requestedSeconds({ search, hash }) {
  const written = new URLSearchParams(search).get("t") ?? new URLSearchParams(hash.slice(1)).get("t");
  if (written === null) return null;
  const [start, end] = written.replace(/^npt:/, "").split(/,(.*)/s);
  return end !== undefined && parseTime(end) === null ? null : parseTime(start);
}
