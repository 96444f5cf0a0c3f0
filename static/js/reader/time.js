// Reads the time in an address as articles/core/timestamps/grammar.py does, or not at all.
const FRACTION = "(?:[.,]\\d{1,9})?";
const FORMS = [
  `()()(\\d{1,9}${FRACTION})`, // 391
  `(?:(\\d{1,4}):)?(\\d{1,3}):([0-5]\\d${FRACTION})`, // 6:31, 00:06:31.5
  `(?:(\\d{1,6})\\s*h)?\\s*(?:(\\d{1,6})\\s*m(?:in)?)?\\s*(?:(\\d{1,6}${FRACTION})\\s*s(?:ec)?)?`, // 6m31s, 1h 2min
].map((form) => new RegExp(`^${form}$`, "i"));

// Seconds, or null if all of `text` isn't a time.
export function parseTime(text) {
  const fields = FORMS.map((form) => form.exec(text.trim())).find(Boolean)?.slice(1);
  const first = fields?.findIndex(Boolean) ?? -1;
  if (first < 0) return null;
  const numbers = fields.map((field) => Number((field || "0").replace(",", ".")));
  if (numbers.some((number, index) => index > first && number >= 60)) return null;
  return numbers.reduce((total, number) => total * 60 + number);
}

// The start in ?t=6m31s, #t=00:06:31 or #t=npt:391,430 of an address (Media Fragments 1.0); null without a time,
// or if start and end aren't both times.
export function requestedSeconds({ search, hash }) {
  const written = new URLSearchParams(`${search}&${hash.slice(1)}`).get("t") ?? "";
  const times = written.replace(/^npt:/, "").split(/,(.*)/s, 2).map(parseTime);
  return times.includes(null) ? null : times[0];
}
