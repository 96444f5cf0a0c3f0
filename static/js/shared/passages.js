// Words of the text on a page: those of a selection without what isn't part of the text, and where a passage is.

const NOT_TEXT = "a.citation, del, .visually-hidden, .anchor, .cite-note, .suggest, button, .tag, .moved-label";
const UNREAD = /\[[^[\]\n]*\d:\d\d[^[\]\n]*\]|\d{1,2}:\d\d(?::\d\d)?|\]\([^()\s]*(?: "[^"\n]*")?\)|\[\[[^[\]|\n]*\|/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const AROUND = 200;

// What readers see as the text in a range.
export function textOf(range) {
  const copy = range.cloneContents();
  for (const part of copy.querySelectorAll(NOT_TEXT)) part.remove();
  for (const block of copy.querySelectorAll("p, li, blockquote, h2, h3, h4, h5, h6")) block.append("\n");
  return copy.textContent;
}

// The selected words of `container` with those around them; null if nothing in it is selected, or more than it.
export function selectionIn(container) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const { commonAncestorContainer: around } = range;
  if (!container.contains(around) || (around.nodeType === Node.TEXT_NODE && around.parentElement.closest(NOT_TEXT))) return null;
  const words = textOf(range).trim();
  if (!words) return null;
  const before = document.createRange();
  before.setStart(container, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(container, container.childNodes.length);
  return { range, words, before: textOf(before).slice(-AROUND), after: textOf(after).slice(0, AROUND) };
}

const wordsOf = (text) => [...text.replace(UNREAD, " ").matchAll(WORD)].map(([word]) => word.toLowerCase());

// The range of `container` with the words of `passage`, which is written in Markdown; null if it hasn't got them.
export function rangeOf(container, passage) {
  const wanted = wordsOf(passage);
  if (!wanted.length) return null;
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(NOT_TEXT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, start: text.length });
    text += walker.currentNode.data;
  }
  const found = [...text.replace(UNREAD, (mark) => " ".repeat(mark.length)).matchAll(WORD)];
  const at = found.findIndex((_, index) => wanted.every((word, by) => found[index + by]?.[0].toLowerCase() === word));
  if (at < 0) return null;
  const last = found[at + wanted.length - 1];
  const range = document.createRange();
  const place = (offset) => {
    const { node, start } = nodes.findLast((one) => one.start <= offset);
    return [node, offset - start];
  };
  range.setStart(...place(found[at].index));
  const [node, offset] = place(last.index + last[0].length - 1);
  range.setEnd(node, offset + 1);
  return range;
}
