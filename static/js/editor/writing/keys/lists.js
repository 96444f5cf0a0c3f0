// Tab and Shift+Tab in a list: the items of the selection go one level deeper, below the item before them, or back out, with
// all that is in them, and numbers go on from what is then before them. Elsewhere, and after Escape (which CodeMirror sees
// to), Tab leaves the text as everywhere.
import { isolateHistory, syntaxTree } from "../../../../vendor/codemirror.js";

const MARK = /^(?:[-*+]|(\d{1,9})([.)]))([ \t]*)/;
const QUOTE = /^(?:[ \t]*>[ ]?)*/;

export const indent = (view) => move(view, deeper);
export const outdent = (view) => move(view, outward);

// `shiftOf` returns by how many columns an item is to be moved. Returns whether the selection begins in a list, also if
// nothing can be moved: there Tab doesn't leave the text.
function move(view, shiftOf) {
  const { state } = view;
  const items = itemsAround(state);
  const chosen = chosenOf(state, items);
  for (const item of chosen) {
    const shift = shiftOf(item, chosen);
    for (const part of items.filter((other) => item.first <= other.first && other.first <= item.last)) Object.assign(part, { shift, isMoved: shift && part === item });
  }
  const changes = [...chosen.flatMap((item) => shifted(state.doc, item)), ...renumbered(items)];
  if (changes.length) view.dispatch({ changes, annotations: isolateHistory.of("full"), userEvent: "input.indent", scrollIntoView: true });
  return items.length > 0;
}

// The items of the outermost list at the start of the selection, in the order of the text: {at: where its mark is, column,
// width of the mark with its spaces, parent and before: the item that it is in and the one before it in its list, or null,
// first and last: numbers of lines}.
function itemsAround(state) {
  let list = null;
  const { from } = state.selection.main;
  for (const side of [-1, 1]) {
    for (let node = syntaxTree(state).resolveInner(from, side); node && !list; node = node.parent) if (isList(node) && !isInItem(node)) list = node;
  }
  const items = [];
  list?.cursor().iterate(({ node }) => {
    if (node.name === "ListItem" && isList(node.parent)) items.push(itemOf(state.doc, node, items));
  });
  return items;
}

const isList = (node) => /^(?:Bullet|Ordered)List$/.test(node?.name);
const isInItem = (node) => node.parent?.name === "ListItem";

function itemOf(doc, node, items) {
  const line = doc.lineAt(node.from);
  const [mark, number, sign = mark[0], spaces] = MARK.exec(doc.sliceString(node.from, line.to));
  let sibling = node.prevSibling;
  while (sibling && sibling.name !== "ListItem") sibling = sibling.prevSibling; // in a quote, its marks are between
  const find = (other) => items.find((item) => item.at === other?.from) ?? null;
  return {
    at: node.from,
    column: node.from - line.from,
    shift: 0,
    number: number && Number(number),
    digits: number?.length,
    kind: number ? sign : mark[0],
    width: spaces.length < 1 || spaces.length > 4 ? mark.trim().length + 1 : mark.length,
    parent: find(node.parent.parent),
    before: find(sibling),
    first: line.number,
    last: doc.lineAt(node.to).number,
  };
}

// The items that begin in the selection, or else the one that it is in, without those that others have in them.
function chosenOf({ doc, selection: { main } }, items) {
  const [first, last] = [main.from, main.to].map((at) => doc.lineAt(at).number);
  const begun = items.filter((item) => first <= item.first && item.first <= last);
  const around = items.filter((item) => item.first <= first && first <= item.last).slice(-1);
  const all = begun.length ? begun : around;
  const isWithin = (item) => item.parent && (all.includes(item.parent) || isWithin(item.parent));
  return all.filter((item) => !isWithin(item));
}

function deeper(item, chosen) {
  let { before } = item;
  while (chosen.includes(before)) ({ before } = before);
  return before ? before.column + before.width - item.column : 0;
}

const outward = (item) => (item.parent ? item.parent.column - item.column : 0);

// The changes that move the lines of an item.
function shifted(doc, { first, last, shift }) {
  const changes = [];
  for (let number = first; shift && number <= last; number += 1) {
    const { from, text } = doc.line(number);
    const start = QUOTE.exec(text)[0].length;
    const blank = /^[ \t]*/.exec(text.slice(start))[0].length;
    if (start + blank === text.length && number !== first) continue;
    const at = from + start;
    changes.push(shift > 0 ? { from: at, insert: " ".repeat(shift) } : { from: at, to: at + Math.min(blank, -shift) });
  }
  return changes;
}

// The changes of numbers: of what was moved, and of what was in sequence and is now behind something else.
function renumbered(items) {
  if (!items.some(({ shift }) => shift)) return [];
  const path = [];
  const changes = [];
  for (const item of items) {
    let before = null;
    const column = item.column + item.shift;
    while (path.length && column < path.at(-1).column + path.at(-1).shift + path.at(-1).width) before = path.pop();
    path.push(item);
    item.fresh = item.number;
    if (!item.number && item.number !== 0) continue;
    const wasFirst = item.before?.kind !== item.kind;
    const isInSequence = item.isMoved || wasFirst || item.number === item.before.number + 1;
    const isFirst = before?.kind !== item.kind;
    if (isInSequence && !(isFirst && wasFirst && !item.isMoved)) item.fresh = isFirst ? 1 : before.fresh + 1;
    if (item.fresh !== item.number) changes.push({ from: item.at, to: item.at + item.digits, insert: String(item.fresh) });
  }
  return changes;
}
