// The head of the page: the title is one line of text that wraps, in a field as high as its text.
export function watchHead(form) {
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
