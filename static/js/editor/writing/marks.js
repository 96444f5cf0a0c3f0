// Citation marks in a text, as articles/core/timestamps reads them: [00:06:31], [e2 00:06:31-00:07:10, 00:08:44].

const TIME = String.raw`(?:\d{1,4}:[0-5]\d:[0-5]\d|\d{1,3}:[0-5]\d)(?:\.\d{1,9})?`;
const RANGE = String.raw`${TIME}(?:[ \t]*[-‐‑–—−][ \t]*${TIME})?`;
const MARK = new RegExp(String.raw`\[[ \t]*(?:[A-Za-z][\w-]*[ \t]+)?${RANGE}(?:[ \t]*,[ \t]*${RANGE})*[ \t]*\]`, "g");
const MOMENT = new RegExp(RANGE, "g");

// Each mark with its place in the text and the seconds at which its times start. Escaped ones are text.
export function findMarks(text) {
  return [...text.matchAll(MARK)]
    .filter(({ index }) => !isEscaped(text, index))
    .map(({ 0: mark, index }) => ({ start: index, end: index + mark.length, seconds: mark.match(MOMENT).map(secondsOf) }));
}

const isEscaped = (text, at) => /(?:^|[^\\])(?:\\\\)*\\$/.test(text.slice(Math.max(0, at - 30), at));

// The seconds of a time such as 00:06:31 or 6:31.250, or of the start of a range.
function secondsOf(time) {
  return time.match(/^[\d:]+/)[0].split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

// The mark around `caret` in `text`, or the one that ends there.
export const markAt = (text, caret) => findMarks(text).find(({ start, end }) => start <= caret && caret <= end);

// The mark with all its times moved by `by` seconds, not before the start; written as the editor writes times.
export function moved(mark, by) {
  return mark.replace(new RegExp(TIME, "g"), (time) => clock(Math.max(0, secondsOf(time) + by)));
}

export function clock(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60].map(pad).join(":");
}
