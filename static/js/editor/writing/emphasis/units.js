// The parts of a text from which emphasis doesn't reach into others: paragraphs, headings, items, cells, labels of links.

export const MARKUP = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+|>[ \t]?)*/; // at the start of a line
const FENCE = /^[ \t]*(?:```|~~~)/;
const ROW = /^[ \t]*\|/;
const ALONE = /^[ \t>]*#{1,6}[ \t]|^[ \t]*\|/; // a heading or a row ends with its line
const LABEL = /(?<!!)\[((?:\\.|[^[\]\\])*)\]\((?:\\.|[^()\n\\])*\)/g;

// Whether the line at this offset is within a fence of code.
export function isFenced(text, at) {
  const above = text.slice(0, text.lastIndexOf("\n", at - 1) + 1).split("\n");
  return above.filter((line) => FENCE.test(line)).length % 2 === 1;
}

// The units that the selection touches, as [start, end].
export function unitsOf(text, start, end) {
  const found = [];
  for (const [from, to] of paragraphs(text)) {
    if (to < start || from > end || isFenced(text, from)) continue;
    for (const [first, last] of ROW.test(text.slice(from, to)) ? cells(text, from, to) : [[from, to]]) {
      if (first <= end && start <= last) found.push(labelIn(text, first, last, start, end));
    }
  }
  return found;
}

function paragraphs(text) {
  const found = [];
  let from = 0;
  let before = null; // the line above, if this one can go on with its paragraph
  for (const line of text.split("\n")) {
    const mark = MARKUP.exec(line)[0];
    const first = from + mark.length;
    const last = from + line.length;
    if (before !== null && line.trim() && !/\S/.test(mark) && !ALONE.test(line)) found.at(-1)[1] = last;
    else found.push([first, last]);
    before = line.trim() && !ALONE.test(line) && !FENCE.test(line) ? line : null;
    from = last + 1;
  }
  return found;
}

function cells(text, from, to) {
  const found = [];
  let at = from;
  for (const { 0: cell } of text.slice(from, to).matchAll(/(?:\\.|[^|\\])*(?:\||$)/g)) {
    if (!/^[\s:|-]*$/.test(cell)) found.push([at, at + cell.replace(/\|$/, "").length]);
    at += cell.length;
  }
  return found;
}

// What is within the label of a link is a unit of its own.
function labelIn(text, from, to, start, end) {
  for (const { 0: link, 1: label, index } of text.slice(from, to).matchAll(LABEL)) {
    const first = from + index + 1;
    if (first <= start && end <= first + label.length && link) return [first, first + label.length];
  }
  return [from, to];
}
