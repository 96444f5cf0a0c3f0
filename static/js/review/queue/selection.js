// Keeps on the server what is selected and typed in the review queue, as submitting its form does, so that opening a revision
// and coming back loses nothing. Leaving with a comment that isn't sent asks first.
import { askBeforeLeaving } from "../navigation/visit.js";
import { send, mustWait } from "../send.js";

const SCROLL = "queue-scroll";

export function watchSelection(form, signal) {
  const comment = form.elements.comment;
  let isSubmitting = false;
  let latest = 0;
  let isKept = true;
  let pending = null; // one request after the other, and of those that wait only the last

  const keep = () => {
    const own = ++latest;
    isKept = false;
    const request = Promise.resolve(pending)
      .then(async () => {
        if (own !== latest) return;
        const response = await send(form, form.dataset.select);
        if (own === latest) isKept = response.ok && !response.redirected;
      })
      .catch(() => {}) // offline: leaving asks first
      .finally(() => {
        if (pending === request) pending = null;
      });
    pending = request;
  };

  for (const field of form.elements) if (["revision", "comment", "due_on"].includes(field.name)) field.addEventListener("change", keep);
  comment.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // would apply the filters
  });

  form.addEventListener("submit", (event) => {
    latest += 1; // this sends everything
    if (mustWait(pending, event)) return;
    isSubmitting = true;
    if (!event.submitter?.hasAttribute("formaction")) sessionStorage.setItem(SCROLL, scrollY);
  });
  addEventListener("pageshow", () => (isSubmitting = false), { signal });
  askBeforeLeaving(() => !isSubmitting && (comment.value.trim() || !isKept), signal);

  const top = sessionStorage.getItem(SCROLL);
  sessionStorage.removeItem(SCROLL);
  if (top && form.querySelector(".bulk__error")) scrollTo({ top: Number(top) }); // refused: go on where it was pressed
}
