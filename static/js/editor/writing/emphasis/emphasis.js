// Bold and italic as other editors have them: of a selection, of the word with the caret in it, or of what is typed next.
// Each function takes a text and what is selected, and never leaves a mark that readers would see as an asterisk.
import { gettext } from "../../../shared/i18n.js";
import { difference } from "../../text/difference.js";
import { isSpace, read, write } from "./stars.js";
import { isFenced, unitsOf } from "./units.js";

const TYPED = "\ue000"; // a placeholder for what will be typed at the caret
const WORD = /^[\p{L}\p{N}\p{M}_'’-]$/u;
const LETTER = /[\p{L}\p{N}]/u;

const refuse = () => ({ refusal: gettext("Asterisks can’t mark this as bold or italic. Select other words, or take away the asterisks that are there.") });

// A command of formatting.js: two asterisks are bold, one is italic.
// `open` is what it returned for this caret before, with what was typed since.
export const emphasis = (bit) => (text, start, end, open = null) => {
  if (isFenced(text, start)) return refuse();
  return start === end ? atCaret(bit, text, start, open ?? readAt(text, start)) : ofSelection(bit, text, start, end);
};

// The marks are only taken away if everything selected has them.
function ofSelection(bit, text, start, end) {
  const parts = unitsOf(text, start, end).map(([from, to]) => {
    const { atoms } = read(text.slice(from, to));
    const isChosen = (atom) => from + atom.from < end && start < from + atom.from + atom.text.length && !isSpace(atom);
    return { from, to, atoms, first: atoms.findIndex(isChosen), last: atoms.findLastIndex(isChosen) };
  });
  const chosen = parts.filter(({ first }) => first >= 0);
  if (!chosen.length) return { from: start, to: start, insert: "", select: [start, end] };
  const isDone = chosen.every(({ atoms, first, last }) => atoms.slice(first, last + 1).every((atom) => atom.bits & bit || isSpace(atom)));
  let fresh = text;
  let select = null;
  for (const { from, to, atoms, first, last } of chosen.toReversed()) {
    for (const atom of atoms.slice(first, last + 1)) atom.bits = isDone ? atom.bits & ~bit : atom.bits | bit;
    const written = write(atoms);
    if (!written) return refuse();
    fresh = fresh.slice(0, from) + written.text + fresh.slice(to);
    const grown = written.text.length - (to - from);
    const [begin, finish] = [from + written.offsets[first], from + written.offsets[last] + atoms[last].text.length];
    select = [begin, select ? select[1] + grown : finish];
  }
  return { ...changeOf(text, fresh, start), select };
}

function atCaret(bit, text, caret, here) {
  if (!here) return refuse();
  const { atoms, at } = here;
  const isWord = (index) => Boolean(atoms[index]) && (index === at || WORD.test(atoms[index].text));
  let [first, last] = [at, at];
  if (LETTER.test(text[caret - 1] ?? "") && LETTER.test(text[caret] ?? "")) {
    while (isWord(first - 1)) first -= 1;
    while (isWord(last + 1)) last += 1;
  }
  const isOn = !(atoms[at].bits & bit);
  // If the other kind can't go on alone, both end.
  for (const gone of isOn ? [0] : [bit, 3]) {
    const fresh = atoms.map((atom, index) => (index < first || index > last ? atom : { ...atom, bits: isOn ? atom.bits | bit : atom.bits & ~gone }));
    const written = rewritten(text, here, fresh, at);
    if (written) return { ...changeOf(text, written.text, caret), select: [written.caret, written.caret], open: written };
  }
  return refuse();
}

// The unit with other atoms, of which the one at `at` is a placeholder for what will be typed: the whole `text`, the `caret` in it,
// and the unit as before; null if Markdown can't write it.
function rewritten(text, { from, to }, atoms, at) {
  // What ends here may end with a full stop, as long as no letter follows.
  const fresh = atoms.with(at, { ...atoms[at], text: atoms[at].bits ? TYPED : " " });
  const written = write(fresh);
  if (!written) return null;
  const place = written.offsets[at];
  const unit = written.text.slice(0, place) + written.text.slice(place + 1);
  return { text: text.slice(0, from) + unit + text.slice(to), caret: from + place, from, to: from + unit.length, atoms: fresh, at };
}

// The unit `open` after `typed` was added at its caret; null if what is typed is more than words.
export function continued(open, typed) {
  const { text, atoms, at } = open;
  // What can't be written with its marks is written without, or as what is before it.
  for (const bits of [atoms[at].bits, 0, atoms[at - 1]?.bits ?? 0]) {
    const characters = [...typed].map((character) => ({ text: character, bits }));
    const fresh = atoms.with(at, { ...atoms[at], bits }).toSpliced(at, 0, ...characters);
    const written = rewritten(text, open, fresh, at + characters.length);
    if (written) return written;
  }
  return null;
}

// The whole text once the caret has left the unit `open`.
export function closed({ text, from, to, atoms, at }) {
  const written = write(atoms.toSpliced(at, 1));
  return written ? text.slice(0, from) + written.text + text.slice(to) : text;
}

// The unit at the caret of any text, for `emphasis`; null where marks aren't read.
export function openAt(text, caret) {
  const here = isFenced(text, caret) ? null : readAt(text, caret);
  return here && { ...here, text, caret };
}

// What to change before a paragraph is parted at the caret, and where the caret is then: marks don't reach across.
export function parted(text, caret, open) {
  const here = open ?? openAt(text, caret);
  if (!here || !here.atoms[here.at].bits) return null;
  const { from, to, atoms, at } = here;
  const [before, after] = [write(atoms.slice(0, at)), write(atoms.slice(at + 1))];
  if (!before || !after) return null;
  const place = from + before.text.length;
  return { ...changeOf(text, text.slice(0, from) + before.text + after.text + text.slice(to), caret), caret: place };
}

// The unit with the caret, its atoms, and which of them is a placeholder for what will be typed; null where marks aren't read.
function readAt(text, caret) {
  const [unit] = unitsOf(text, caret, caret);
  if (!unit || /(?<!\\)(?:\\\\)*\\$/.test(text.slice(unit[0], caret))) return null;
  const [from, to] = unit;
  const [before, after] = [text.slice(from, caret), text.slice(caret, to)];
  // A space that was typed first belongs before the mark.
  const swapped = before.replace(/(\*{1,3})([ \t]+)(?=[^*\n]+$)/, "$2$1");
  let best = null;
  for (const [head, typed] of [[before, TYPED], [before, " "], [swapped, TYPED]]) {
    const { atoms, literal } = read(head + typed + after);
    const at = atoms.findIndex((atom) => atom.from === head.length && atom.text === typed);
    if (at >= 0 && (!best || literal < best.literal)) best = { from, to, atoms, at, literal };
  }
  if (best) best.atoms[best.at].text = TYPED;
  return best;
}

const changeOf = (text, fresh, at) => difference(text, fresh) ?? { from: at, to: at, insert: "" };
