// What the toolbar and the shortcuts do to a text: functions (text, start, end of the selection) -> the part to replace,
// its replacement, and the selection afterwards.
import { asBlock } from "../blocks.js";
import { replaceRange, say } from "../text.js";
import { gettext } from "../../shared/i18n.js";
import { difference } from "./difference.js";

const LIST = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const BULLET = /^([ \t]*)[-*+][ \t]+/;
const NUMBER = /^([ \t]*)\d{1,9}[.)][ \t]+/;
const QUOTE = /^()> ?/;
const HEADING = /^()#{1,6}[ \t]+/;
const NOTHING = /^()/;
const MARKUP = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+|>[ \t]?)*/; // at the start of a line

// Do `command` to the text area `field` as one change that can be undone, or say why it can't be done.
export function run(field, command) {
  const { from, to, insert, select, refusal } = command(field.value, field.selectionStart, field.selectionEnd);
  if (refusal) {
    say(field.form, refusal);
    return;
  }
  replaceRange(field, from, to, insert);
  field.setSelectionRange(...select);
}

// Put asterisks around the selection or the word at the caret, or take them away: two are bold, one is italic. What
// wasn't selected isn't afterwards either, or typing on would replace it.
const emphasis = (width) => (text, start, end) => {
  if (text.slice(start, end).includes("\n")) return emphasizedLines(width, text, start, end);
  const made = emphasized(width, text, start, end);
  if (start !== end) return made;
  const [first, last] = made.select;
  const caret = Math.min(Math.max(start + first - made.start, first), last);
  return { ...made, select: [caret, caret] };
};

// As a command, with the `start` of what it changed the marks of.
function emphasized(width, text, start, end) {
  if (start === end) {
    start -= /[\p{L}\p{N}_'’-]*$/u.exec(text.slice(0, start))[0].length;
    end += /^[\p{L}\p{N}_'’-]*/u.exec(text.slice(end))[0].length;
  }
  // A mark that touches a space isn't read as one.
  const trimmed = text.slice(start, end);
  if (trimmed.trim()) {
    start += trimmed.length - trimmed.trimStart().length;
    end -= trimmed.length - trimmed.trimEnd().length;
  }
  const mark = "*".repeat(width);
  const around = Math.min(/\**$/.exec(text.slice(0, start))[0].length, /^\**/.exec(text.slice(end))[0].length);
  const inside = text.slice(start, end);
  const stars = Math.min(/^\**/.exec(inside)[0].length, /\**$/.exec(inside)[0].length);
  const has = (count) => (width === 2 ? count === 2 || count === 3 : count === 1 || count === 3);
  if (has(around) && start < end) {
    return { from: start - width, to: end + width, insert: inside, select: [start - width, end - width], start };
  }
  if (has(stars) && inside.length > 2 * stars) {
    const insert = inside.slice(width, -width);
    return { from: start, to: end, insert, select: [start, start + insert.length], start: start + width };
  }
  return { from: start, to: end, insert: mark + inside + mark, select: [start + width, end + width], start };
}

// The same for each line of the selection, after what makes it a heading, a list item or a quote: asterisks don't reach
// from one paragraph to the next. They are only taken away if all lines have them.
function emphasizedLines(width, text, start, end) {
  const parts = [];
  for (let from = start; from <= end; ) {
    const lineStart = text.lastIndexOf("\n", from - 1) + 1;
    const lineEnd = text.indexOf("\n", from) < 0 ? text.length : text.indexOf("\n", from);
    const first = Math.max(from, lineStart + MARKUP.exec(text.slice(lineStart, lineEnd))[0].length);
    const last = Math.min(end, lineEnd);
    if (text.slice(first, last).trim()) parts.push([first, last]);
    from = lineEnd + 1;
  }
  const isTakenAway = (made) => made.insert.length < made.to - made.from;
  const isDone = parts.every((part) => isTakenAway(emphasized(width, text, ...part)));
  let fresh = text;
  for (const part of parts.toReversed()) {
    const made = emphasized(width, fresh, ...part);
    if (isTakenAway(made) === isDone) fresh = fresh.slice(0, made.from) + made.insert + fresh.slice(made.to);
  }
  const change = difference(text, fresh) ?? { from: start, to: start, insert: "" };
  return { ...change, select: [Math.min(start, change.from), Math.max(end + fresh.length - text.length, change.from)] };
}

// Change all lines of the selection with `change`, a function (lines) -> lines.
const lines = (change) => (text, start, end) => {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end);
  const before = text.slice(from, to).split("\n");
  const insert = change(before).join("\n");
  const caret = Math.max(from, start + insert.split("\n")[0].length - before[0].length);
  return { from, to, insert, select: start === end ? [caret, caret] : [from, from + insert.length] };
};

// Begin the lines with what `prefix`, a function of their number, gives, in place of one of `others`; or, if all of them
// begin with `own`, take it away. Indentation (the first group) stays. Empty lines are only part of a quote.
const prefixed = (own, prefix, others) =>
  lines((all) => {
    const isWritten = (line) => line.trim() || all.length === 1 || own === QUOTE;
    if (all.every((line) => !isWritten(line) || own.test(line))) return all.map((line) => line.replace(own, "$1"));
    let number = 0;
    const begin = (line) => {
      const begun = line.replace(others, "$1").replace(/^[ \t]*/, (indent) => indent + prefix(++number));
      return line.trim() || all.length === 1 ? begun : begun.trimEnd();
    };
    return all.map((line) => (isWritten(line) ? begin(line) : line));
  });

function link(text, start, end) {
  const chosen = text.slice(start, end);
  if (/\n[ \t]*(?:\n|[-*+>#]|\d{1,9}[.)])/.test(chosen)) return { refusal: gettext("A link can’t go from one paragraph to the next. Select words of one.") };
  if (/^https?:\/\/\S+$/.test(chosen)) return { from: start, to: end, insert: `[](${chosen})`, select: [start + 1, start + 1] };
  const address = start + chosen.length + 3;
  return { from: start, to: end, insert: `[${chosen}](https://)`, select: chosen ? [address, address + "https://".length] : [start + 1, start + 1] };
}

// A block of its own after the paragraph with the caret; `part` of it, which is at `place`, is selected.
const block = (make) => (text, start, end) => {
  const { written, part, place = written.indexOf(part) } = make();
  const { at, text: insert, before } = asBlock(text, end, written);
  const chosen = at + before + place;
  return { from: at, to: at, insert, select: [chosen, chosen + part.length] };
};

const table = () => {
  const [one, other] = [gettext("Column 1"), gettext("Column 2")];
  return { written: `| ${one} | ${other} |\n| --- | --- |\n|  |  |`, part: one };
};

const callout = () => {
  const part = gettext("What readers should know");
  return { written: `> [!NOTE]\n> ${part}`, part };
};

export const COMMANDS = {
  bold: emphasis(2),
  italic: emphasis(1),
  link,
  heading: prefixed(HEADING, () => "# ", HEADING), // one level below the section’s own
  bullets: prefixed(BULLET, () => "- ", LIST),
  numbers: prefixed(NUMBER, (number) => `${number}. `, LIST),
  quote: prefixed(QUOTE, () => "> ", NOTHING),
  table: block(table),
  callout: block(callout),
  code: block(() => ({ written: "```\n\n```", part: "", place: "```\n".length })),
};
