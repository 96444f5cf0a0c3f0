// Turns the headings of a text into sections of their own.
import { addSection } from "../sections/cards.js";
import { levelOf } from "../sections/branches.js";
import { replaceRange } from "../text/text.js";

const HEADING = /^(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/;
const KEPT = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\\[!-/:-@[-`{-~]/g; // code, and signs that are escaped
const STARS = /(\*{1,3})(?=\S)(.*?\S)\1/g;
const LOW_LINES = /(?<![\p{L}\p{N}_])(_{1,3})(?=\S)(.*?\S)\1(?![\p{L}\p{N}_])/gu;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LEVELS = 5;

// The headings of `text` from `start` on: where each begins, its level and its words. What is in fenced code is none.
export function headingsIn(text, start = 0) {
  const found = [];
  let fence = "";
  let offset = 0;
  for (const line of text.split("\n")) {
    const marker = FENCE.exec(line)?.[1] ?? "";
    const heading = !fence && HEADING.exec(line);
    if (fence && marker[0] === fence[0] && marker.length >= fence.length) fence = "";
    else if (!fence) fence = marker;
    if (heading && offset >= start) {
      found.push({ offset, end: offset + line.length, level: heading[1].length, heading: plain(heading[2]) });
    }
    offset += line.length + 1;
  }
  return found;
}

// A heading without emphasis, nor the escapes that only the beginning of a line needs: the field of a heading is one line.
function plain(heading) {
  const kept = [];
  const bare = heading.replace(KEPT, (found) => `\0${kept.push(found) - 1}\0`).replace(STARS, "$2").replace(LOW_LINES, "$2");
  return bare.replace(/\0(\d+)\0/g, (_, number) => kept[number].replace(/^\\([.)#+=>-])/, "$1"));
}

// Move each heading of `field` from `start` on, and the text below it, into a section after it. Returns the sections.
export function makeSections(form, field, start) {
  const text = field.value;
  const headings = headingsIn(text, start);
  const card = field.closest("[data-card]");
  const base = card.dataset.card === "lead" ? 0 : levelOf(card);
  let previous = card;
  const made = headings.map(({ end, level, heading }, number) => {
    const body = text.slice(end, headings[number + 1]?.offset ?? text.length).trim();
    previous = addSection(form, previous, { heading, body, level: Math.min(LEVELS, base + level) });
    return previous;
  });
  const left = text.slice(0, headings[0].offset).trimEnd();
  replaceRange(field, left.length, text.length, "");
  return made;
}
