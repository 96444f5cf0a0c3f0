// Reads which parts of a paragraph are bold and italic, as articles/core/markdown/emphasis.py does (CommonMark 6.2), and
// writes them again so that every mark is read as one. What is bold has the bit 2, what is italic the bit 1.

// What stays together: escapes, code, links, tags. Everything else is a character; asterisks are read as marks.
const ATOM =
  /\\\n|\\[!-/:-@[-`{-~]|(`+)(?!`)[^]*?[^`]\1(?!`)|`+|\[\[[^[\]\n]+\]\]|!?\[(?:\\.|\[[^[\]\n]*\]|[^[\]\\])*\]\((?:\\.|<[^<>\n]*>|[^()\n\\]|\([^()\n]*\))*\)|<[^<>\s][^<>\n]*>|\*+|[^]/gu;
const SPACE = /^(?:\s|\\\n)$/;
const SIGN = /[\p{P}\p{S}]/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

export const isSpace = ({ text }) => SPACE.test(text);

// The atoms of `text`, each with its `bits`, and the number of asterisks that are no marks (`literal`).
export function read(text) {
  const atoms = [];
  const runs = [];
  for (const { 0: part, index } of text.matchAll(ATOM)) {
    if (part[0] === "*") runs.push(runAt(text, index, part.length));
    else atoms.push({ text: part, from: index, bits: 0 });
  }
  for (const [open, close, bit] of pairs(runs)) {
    for (const atom of atoms) if (open.from + open.length <= atom.from && atom.from < close.from) atom.bits |= bit;
  }
  let literal = 0;
  for (const { from, length, closes, opens } of runs) {
    for (let at = from + closes; at < from + length - opens; at += 1) atoms.push({ text: "*", from: at, bits: 0 });
    literal += length - closes - opens;
  }
  if (literal) atoms.sort((one, other) => one.from - other.from);
  return { atoms, literal };
}

function runAt(text, from, length) {
  const before = [...text.slice(0, from)].at(-1) ?? " ";
  const after = [...text.slice(from + length, from + length + 2)][0] ?? " ";
  const isLeft = reaches(after, before);
  const isRight = reaches(before, after);
  return { from, length, canOpen: isLeft, canClose: isRight, opens: 0, closes: 0 };
}

// Whether a mark between the two characters holds to the one `inside`.
function reaches(inside, outside) {
  const separates = /\s/.test(outside) || SIGN.test(outside) || CJK.test(outside);
  return !/\s/.test(inside) && (!SIGN.test(inside) || separates || CJK.test(inside));
}

// Which runs of asterisks open and close what: [run that opens, run that closes, bit].
function pairs(runs) {
  const found = [];
  const left = ({ length, opens, closes }) => length - opens - closes;
  runs.forEach((close, index) => {
    for (let at = index - 1; close.canClose && left(close) && at >= 0; ) {
      const open = runs[at];
      const sum = open.length + close.length;
      const isBarred = (open.canClose || close.canOpen) && sum % 3 === 0 && close.length % 3 !== 0;
      if (!open.canOpen || open.isPassed || !left(open) || isBarred) {
        at -= 1;
        continue;
      }
      const bit = left(open) > 1 && left(close) > 1 ? 2 : 1;
      found.push([open, close, bit]);
      open.opens += bit;
      close.closes += bit;
      for (const between of runs.slice(at + 1, index)) between.isPassed = true;
    }
  });
  return found;
}

// Text of the atoms with their marks, and the offset of each in it; null if Markdown has no way to write them.
export function write(atoms) {
  const bits = held(atoms);
  const offsets = [];
  let text = "";
  const open = []; // the outermost first
  const reach = (from, bit) => {
    const end = bits.findIndex((own, index) => index >= from && !(own & bit));
    return end < 0 ? bits.length : end;
  };
  for (let at = 0; at <= atoms.length; at += 1) {
    const wanted = bits[at] ?? 0;
    const ending = open.findIndex((bit) => !(wanted & bit));
    if (ending >= 0) for (const bit of open.splice(ending).toReversed()) text += "*".repeat(bit);
    const beginning = [2, 1].filter((bit) => wanted & bit && !open.includes(bit));
    for (const bit of beginning.sort((one, other) => reach(at, other) - reach(at, one))) {
      text += "*".repeat(bit);
      open.push(bit);
    }
    offsets.push(text.length);
    text += atoms[at]?.text ?? "";
  }
  const again = read(text).atoms;
  const isRead = again.length === atoms.length && again.every((atom, at) => atom.text === atoms[at].text && atom.bits === bits[at]);
  return isRead ? { text, offsets } : null;
}

// The bits without spaces at the edges of what is marked, and without signs there that would keep the mark from being one.
function held(atoms) {
  const bits = atoms.map((atom) => atom.bits);
  const first = (at) => (atoms[at] ? [...atoms[at].text][0] : " ");
  const last = (at) => (atoms[at] ? [...atoms[at].text].at(-1) : " ");
  for (const bit of [1, 2]) {
    const isEdge = (at, outside) => bits[at] & bit && !(bits[outside] & bit);
    for (let at = 0; at < atoms.length; at += 1) {
      if (isEdge(at, at - 1) && (isSpace(atoms[at]) || !reaches(first(at), last(at - 1)))) bits[at] &= ~bit;
    }
    for (let at = atoms.length - 1; at >= 0; at -= 1) {
      if (isEdge(at, at + 1) && (isSpace(atoms[at]) || !reaches(last(at), first(at + 1)))) bits[at] &= ~bit;
    }
  }
  return bits;
}
