// The text of a transcript: which cue is said when, what the address names, and the page of it that is shown.
import { parseTime, requestedSeconds } from "../time.js";

const RETRY_MS = 10_000; // after a page couldn't be loaded

const startOf = (cue) => Number(cue.dataset.timeStart);
const endOf = (cue) => Number(cue.dataset.timeEnd);

// The [start, end] that the address names, end null for a moment; null if it names none that needs a script.
// #t=391, #t=391,400 and #t=00:06:31 are Media Fragments; #t-391 is the id of a cue if one starts in that second.
function requestedRange() {
  const [, second] = /^#t-(\d{1,9})$/.exec(location.hash) ?? [];
  if (second) return document.getElementById(`t-${second}`) ? null : [Number(second), null];
  const start = requestedSeconds({ search: "", hash: location.hash });
  if (start === null) return null;
  const [, end = ""] = new URLSearchParams(location.hash.slice(1)).get("t").split(",");
  return [start, parseTime(end)];
}

export function openText(transcript) {
  const firsts = transcript.dataset.pages.split(" ").map(Number); // the first second of each page
  let [page, cues, passages] = [null, [], []];
  let isTurning = false;
  let retryAt = 0;

  const read = () => {
    page = transcript.querySelector("[data-page]");
    cues = [...page.querySelectorAll(".cue")];
    passages = [...page.querySelectorAll(".passage")];
  };
  read();

  // The last cue that starts by then, null before the first.
  const cueAt = (seconds) => {
    let [low, high] = [0, cues.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (startOf(cues[middle]) <= seconds) low = middle + 1;
      else high = middle;
    }
    return cues[low - 1] ?? null;
  };

  const shownNumber = () => Number(page.dataset.page);
  const numberAt = (seconds) => Math.max(1, firsts.filter((first) => first <= seconds).length);
  const holds = (seconds) => numberAt(seconds) === shownNumber();

  // Puts the page with a second in place of the one that is shown; returns whether that is so now.
  const turnTo = async (seconds) => {
    if (holds(seconds)) return true;
    if (isTurning || performance.now() < retryAt) return false;
    isTurning = true;
    const hadFocus = page.contains(document.activeElement);
    try {
      const response = await fetch(`?page=${numberAt(seconds)}`);
      if (!response.ok) throw new Error(response.statusText);
      const loaded = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-page]");
      if (!loaded) throw new Error("not a page of the transcript");
      page.replaceWith(loaded);
      read();
      if (hadFocus) (cueAt(seconds) ?? cues[0]).closest(".passage").querySelector("a").focus({ preventScroll: true });
      const address = new URL(location.href);
      address.search = shownNumber() === 1 ? "" : `?page=${shownNumber()}`;
      history.replaceState(history.state, "", address);
      return holds(seconds);
    } catch {
      retryAt = performance.now() + RETRY_MS; // what is shown stays, and its links still lead to the others
      return false;
    } finally {
      isTurning = false;
    }
  };

  const showRequested = async () => {
    const range = requestedRange();
    for (const cue of transcript.querySelectorAll(".cue--there")) cue.classList.remove("cue--there");
    if (!range) return;
    const [start, end] = range;
    await turnTo(start);
    const first = cueAt(start) ?? cues[0];
    first?.classList.add("cue--there");
    for (const cue of cues) {
      if (end !== null && startOf(cue) < end && endOf(cue) > start) cue.classList.add("cue--there");
    }
    first?.scrollIntoView({ block: "center", behavior: "instant" });
  };

  return {
    showRequested,
    cueAt,
    holds,
    turnTo,
    passageOf: (cue) => cue?.closest(".passage"),
    // The second at which the passage before (-1) or after (1) that of `cue` starts, turning the page if it is on
    // another; null if there is none, or if its page can't be loaded.
    neighbour: async (cue, by) => {
      const place = passages.indexOf(cue?.closest(".passage"));
      let next = passages[place + by];
      if (!next) {
        const beyond = firsts[shownNumber() - 1 + by]; // undefined at either end
        if (place >= 0 && beyond !== undefined && (await turnTo(beyond))) next = passages.at(by < 0 ? -1 : 0);
      }
      return next ? startOf(next.querySelector(".cue")) : null;
    },
  };
}
