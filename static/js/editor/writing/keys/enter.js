// What Enter does, as people know it from other editors: it begins a paragraph, which in Markdown comes after an empty
// line, goes on with a list or a quote, and leaves it from an empty item.
import { insertNewlineContinueMarkup, syntaxTree } from "../../../../vendor/codemirror.js";
import { parted } from "../emphasis/emphasis.js";
import { openIn, opened } from "../emphasis/open_marks.js";

const BLOCKS = /^(?:FencedCode|CodeBlock|Table|HTMLBlock|ListItem|Blockquote)$/;
const EMPTY_ITEM = /^(?:[-*+]|\d{1,9}[.)]|>)[ \t]*$/; // or line of a quote
const IMAGE = /!\[(?:\\.|[^[\]\\])*\]\([^()\s]*\)/g;
const ROW = /^[ \t]*\|/; // of a table, whose first row is a paragraph until the second is there

export const enter = (view) => leaveImage(view) || partEmphasis(view) || leaveBreak(view) || leaveList(view) || insertNewlineContinueMarkup(view) || beginParagraph(view);

// Within an image, the paragraph begins behind it: a line break would make text of it.
export function leaveImage(view) {
  const { doc, selection } = view.state;
  const { from, text } = doc.lineAt(selection.main.head);
  const image = [...text.matchAll(IMAGE)].find(({ index, 0: { length } }) => [selection.main.from, selection.main.to].every((at) => from + index < at && at < from + index + length));
  if (!image) return false;
  const end = from + image.index + image[0].length;
  view.dispatch({ changes: { from: end, insert: "\n\n" }, selection: { anchor: end + 2 }, userEvent: "input", scrollIntoView: true });
  return true;
}

// What is bold or italic on both sides is so in both paragraphs, each with marks of its own.
function partEmphasis(view) {
  const { doc, selection } = view.state;
  const { caret, ...changes } = (selection.main.empty && parted(doc.toString(), selection.main.head, openIn(view.state))) || {};
  if (caret !== undefined) view.dispatch({ changes, selection: { anchor: caret }, effects: opened.of(null), userEvent: "input" });
  return false;
}

// After a line break, an empty line begins a paragraph: the backslash before it would be shown.
function leaveBreak(view) {
  const { doc, selection } = view.state;
  const { from, text, number } = doc.lineAt(selection.main.head);
  if (!selection.main.empty || text.trim() || number === 1 || !/(?:^|[^\\])(?:\\\\)*\\$/.test(doc.line(number - 1).text)) return false;
  view.dispatch({ changes: { from: from - 2, to: from, insert: "\n\n" }, selection: { anchor: from }, userEvent: "input", scrollIntoView: true });
  return true;
}

// The empty item becomes an empty line, so that what follows isn't part of the item before.
function leaveList(view) {
  const { doc, selection } = view.state;
  const { head, empty } = selection.main;
  const { from, to, text, number } = doc.lineAt(head);
  if (!empty || number === 1 || !EMPTY_ITEM.test(text) || !doc.line(number - 1).text.trim()) return false;
  view.dispatch({ changes: { from, to, insert: "\n" }, selection: { anchor: from + 1 }, userEvent: "input", scrollIntoView: true });
  return true;
}

const beginParagraph = (view) => isParagraph(view) && insert(view, "\n\n");

// Whether the caret is behind words of an ordinary paragraph or heading.
export function isParagraph({ state }) {
  const { from } = state.selection.main;
  const line = state.doc.lineAt(from);
  if (!state.sliceDoc(line.from, from).trim() || ROW.test(line.text)) return false;
  for (let node = syntaxTree(state).resolveInner(from, -1); node; node = node.parent) if (BLOCKS.test(node.name)) return false;
  return true;
}

export function insert(view, text) {
  view.dispatch(view.state.replaceSelection(text), { userEvent: "input", scrollIntoView: true });
  return true;
}
