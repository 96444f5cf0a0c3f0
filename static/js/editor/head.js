// The head of the page: the title is one line of text that wraps, in a field as high as its text; and where the page says
// that the text is, which the first save in place changes.
export function watchHead(form) {
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
    if (!value.includes("\n")) return;
    title.value = value.replaceAll("\n", " ");
    title.setSelectionRange(selectionStart, selectionEnd);
  });
  if (CSS.supports("field-sizing", "content")) return;
  title.addEventListener("input", grow);
  addEventListener("resize", grow);
  grow();
}
