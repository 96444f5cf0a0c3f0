// The head of the page: the title is one line of text that wraps, in a field as high as its text; and where the page says
// that the text is, which the first save in place changes. Also says so if a field has no room for all that is pasted.
import { say } from "./text/text.js";
import { fill, gettext } from "../shared/i18n.js";

export function watchHead(form) {
  form.addEventListener("paste", ({ target, clipboardData }) => {
    const { value, maxLength, selectionStart, selectionEnd } = target;
    const length = clipboardData?.getData("text/plain").length ?? 0;
    if (!(maxLength > 0) || value.length - (selectionEnd - selectionStart) + length <= maxLength) return;
    say(form, fill(gettext("Only the first part was pasted: at most %(most)s characters fit here."), { most: maxLength }));
  });
  form.addEventListener("editor:placed", ({ detail: { title, heading, trail } }) => {
    const place = document.querySelector("[data-trail]");
    if (trail) {
      place.innerHTML = trail;
      import("../review/watch.js");
    }
    place.querySelector("[data-title]").textContent = title;
    form.querySelector("h1").textContent = heading;
    document.title = `${title} | ${document.title.split(" | ").at(-1)}`;
  });

  const { title } = form.elements;
  const grow = () => {
    title.style.blockSize = "auto";
    title.style.blockSize = `${title.scrollHeight + title.offsetHeight - title.clientHeight}px`; // with its border
  };
  // Line breaks can be pasted; Enter leads to the text below (sections/cards.js).
  title.addEventListener("input", () => {
    const { value, selectionStart, selectionEnd } = title;
    const line = value.replace(/[\n\u0085\u2028\u2029]/g, " ");
    if (line === value) return;
    title.value = line;
    title.setSelectionRange(selectionStart, selectionEnd);
  });
  if (CSS.supports("field-sizing", "content")) return;
  title.addEventListener("input", grow);
  addEventListener("resize", grow);
  grow();
}
