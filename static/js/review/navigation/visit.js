// The page that is shown. On the review desk, which is the queue and the reviews, the next one takes its place without the
// browser loading it: what a script has bound to a page ends with that page.
import { forgetKeys } from "../../shared/keys.js";

export const AGAIN = "again"; // why a page ends if it comes again as the server now has it, such as after a refusal

const binders = [];
const unsent = new Set();
let visit = new AbortController();

// Calls `bind` with a signal for the page that is shown, and for each that takes its place. The signal is aborted when the
// page is left, with the reason AGAIN if it comes again. A script that isn't for the page that is shown does nothing.
export function onPage(bind) {
  binders.push(bind);
  bind(visit.signal);
}

// Ends what is bound to the page, lets `replace` put the next one in its place, and binds to that.
export function turnTo(replace, reason) {
  visit.abort(reason);
  forgetKeys();
  visit = new AbortController();
  replace();
  for (const bind of binders) bind(visit.signal);
}

// Asks before the page is left while `isUnsent` says that something on it isn't sent.
export function askBeforeLeaving(isUnsent, signal) {
  unsent.add(isUnsent);
  signal.addEventListener("abort", () => unsent.delete(isUnsent));
  addEventListener("beforeunload", (event) => isUnsent() && event.preventDefault(), { signal });
}

export const isAnythingUnsent = () => [...unsent].some((isUnsent) => isUnsent());
