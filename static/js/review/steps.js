// Stepping past either end of a page of a list turns the page and goes on there.
const STEP = "list-step";

export const pageLink = (rel) => document.querySelector(`.pages :is([rel=${rel}], [data-page=${rel}])`);

// Opens the page after (1) or before (-1) this one. Returns whether there is one.
export function turnPage(step) {
  const link = pageLink(step > 0 ? "next" : "prev");
  if (link) sessionStorage.setItem(STEP, step);
  link?.click();
  return Boolean(link);
}

// The index of the item to go on at if a step has led to this page, else null.
export function arrivedAt() {
  const step = sessionStorage.getItem(STEP);
  sessionStorage.removeItem(STEP);
  return step && (step > 0 ? 0 : -1);
}
