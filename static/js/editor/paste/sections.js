// Turns the headings of a text into sections of their own.
import { addSection } from "../cards.js";
import { levelOf } from "../branches.js";
import { replaceRange } from "../text.js";

const HEADING = /^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/;
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
      found.push({ offset, end: offset + line.length, level: heading[1].length, heading: heading[2].replace(/\*\*|__|[*_`]/g, "") });
    }
    offset += line.length + 1;
  }
  return found;
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
