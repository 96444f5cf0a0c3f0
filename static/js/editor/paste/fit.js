// Where pasted blocks go: lists, tables, headings, quotes and code are none in the middle of a line.

const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;
const CLOSED = /^(?:\||```|~~~|---$)/; // nothing can be written on behind it
const BLOCK = /^(?:[-*+] |\d{1,9}[.)] |\||#{1,6} |>|```|~~~|---$)/;

// Fit the Markdown `pasted` between what is `before` it and `after` it. Returns how many characters of either go, and the
// text with the line breaks it needs.
export function fit(pasted, before, after) {
  const [first, last] = [pasted.split("\n", 1)[0], pasted.slice(pasted.lastIndexOf("\n") + 1)];
  const start = BLOCK.test(first) ? opened(pasted, first, before) : { cut: 0, text: pasted };
  if (!BLOCK.test(last) && !/^[ \t]{2,}\S/.test(last)) return { cutBefore: start.cut, text: start.text, cutAfter: 0 };
  const words = after.trimStart();
  const breaks = /^[ \t]*(\n{0,2})/.exec(after)[1].length;
  const goesOn = ITEM.test(last) && breaks && ITEM.test(words);
  const needed = goesOn || (!words && !CLOSED.test(last)) ? 0 : 2 - breaks;
  const cutAfter = needed === 2 ? /^[ \t]*/.exec(after)[0].length : 0;
  return { cutBefore: start.cut, text: start.text + "\n".repeat(needed), cutAfter };
}

// The beginning: on a line of its own, after an empty one. A list goes on with the list that it is pasted into.
function opened(pasted, first, before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const cut = /[ \t]*$/.exec(before)[0].length;
  if (ITEM.test(first) && ITEM.test(line)) {
    const indent = /^[ \t]*/.exec(line)[0];
    const indented = pasted.replace(/^(?=.)/gm, indent);
    const isEmpty = /^[ \t]*\S+[ \t]*$/.test(line);
    return isEmpty ? { cut: line.length, text: indented } : { cut, text: `\n${indented}` };
  }
  if (!before.trim()) return { cut: 0, text: pasted };
  if (!line.trim()) return { cut: 0, text: /\n[ \t]*\n[ \t]*$/.test(before) ? pasted : `\n${pasted}` };
  return { cut, text: `\n\n${pasted}` };
}
