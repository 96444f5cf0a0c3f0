// The place in the queue of the revision that is open: after a decision, what is at that place is the next.
const OPENED = "queue-opened"; // where the queue's own focus goes when it is shown again

export const items = (page = document) => [...page.querySelectorAll("[data-item]")];
export const linkOf = (item) => item?.querySelector("[data-open]");

export const rememberPlace = (place) => sessionStorage.setItem(OPENED, place);

// The place that was remembered last, once.
export function takePlace() {
  const place = sessionStorage.getItem(OPENED);
  sessionStorage.removeItem(OPENED);
  return place === null ? null : Number(place);
}

// The revision to open next, as {place, link}, if the queue that came as an answer has one from `place` on that this user can
// decide about and that nobody else is reviewing. Null without a place, because the revision wasn't opened from the queue.
export function nextPlace(queue, place) {
  if (place === undefined) return null;
  const rows = items(queue);
  const next = rows.findIndex((row, at) => at >= place && !row.hasAttribute("data-passed") && linkOf(row).pathname !== location.pathname);
  if (next === -1) return null;
  rememberPlace(next);
  return { place: next, link: linkOf(rows[next]) };
}
