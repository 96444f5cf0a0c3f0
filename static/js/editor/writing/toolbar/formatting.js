// What the toolbar and the shortcuts do to a text: functions (text, start, end of the selection) -> the part to replace,
// its replacement, and the selection afterwards.
import { asBlock } from "../../text/blocks.js";
import { layerOf, replaceRange, say } from "../../text/text.js";
import { gettext } from "../../../shared/i18n.js";

const LIST = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const BULLET = /^([ \t]*)[-*+][ \t]+/;
const NUMBER = /^([ \t]*)\d{1,9}[.)][ \t]+/;
const QUOTE = /^()> ?/;
const HEADING = /^()#{1,6}[ \t]+/;
const NOTHING = /^()/;
const BREAK = /((?:^|[^\\])(?:\\\\)*)\\$/; // the backslash of a line break, which readers would see at the end of a block

// Do `command` to the text area `field` as one change that can be undone, or say why it can't be done.
export function run(field, command) {
  const { from, to, insert, select, refusal, open } = command(field.value, field.selectionStart, field.selectionEnd, layerOf(field)?.open());
  if (refusal) {
    say(field.form, refusal);
    return;
  }
  layerOf(field)?.setOpen(null);
  if (insert || from < to) replaceRange(field, from, to, insert);
  field.setSelectionRange(...select);
  if (open) layerOf(field)?.setOpen(open);
}

// Loaded after the page can be typed into; the editing layer needs it too.
let loaded = null;
import("../emphasis/emphasis.js").then((module) => (loaded = module));
const emphasis = (bit) => (text, start, end, open) =>
  loaded ? loaded.emphasis(bit)(text, start, end, open) : { from: start, to: start, insert: "", select: [start, end] };

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
    const begin = (line, index) => {
      const ends = own === HEADING || (own !== QUOTE && all[index + 1]?.trim()); // the line is a block of its own
      const begun = (ends ? line.replace(BREAK, "$1") : line).replace(others, "$1").replace(/^[ \t]*/, (indent) => indent + prefix(++number));
      return line.trim() || all.length === 1 ? begun : begun.trimEnd();
    };
    return all.map((line, index) => (isWritten(line) ? begin(line, index) : line));
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
