// With Shift, Enter begins a line of the same paragraph; the backslash tells the break from that of a long line. Until words
// follow, readers would see it: it goes when the caret leaves the line, and isn't part of what the form sends meanwhile.
import { insert, isParagraph, leaveImage } from "./enter.js";

let loose = null; // the break that was made last: its view, and the number of the line that it begins

export function breakLine(view) {
  if (leaveImage(view)) return true;
  if (!isParagraph(view)) return false;
  insert(view, "\\\n");
  loose = { view, number: lineOf(view).number };
  return true;
}

// After each update of a text.
export function followBreak({ view }) {
  if (loose?.view !== view || (view.hasFocus && lineOf(view).number === loose.number)) return;
  const changes = looseBreak(view);
  loose = null;
  if (changes) view.dispatch({ changes, userEvent: "delete" });
}

export function omitBreak(view, name, data) {
  const found = looseBreak(view);
  if (found) data.set(name, view.state.sliceDoc(0, found.from) + view.state.sliceDoc(found.to));
}

const lineOf = ({ state: { doc, selection } }) => doc.lineAt(selection.main.head);

// The break with its backslash, unless words follow or it is gone.
function looseBreak(view) {
  const { doc } = view.state;
  if (loose?.view !== view || loose.number > doc.lines || doc.line(loose.number).text.trim()) return null;
  const { text, to } = doc.line(loose.number - 1);
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(text) ? { from: to - 1, to: to + 1 } : null;
}
