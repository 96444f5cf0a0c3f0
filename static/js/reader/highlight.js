// Marks the sentence that a citation stands behind, without touching the text (CSS Custom Highlight API).
import { rowOf, textOf } from "./moments.js";

const NAME = "playing";
let marked = null;

const pinsOf = (article, citation) =>
  citation ? article.querySelectorAll(`.tape__pin[href="#${CSS.escape(citation.id)}"]`) : [];

export function highlight(article, citation) {
  if (marked === citation) return;
  marked?.classList.remove("citation--playing");
  for (const pin of pinsOf(article, marked)) pin.classList.remove("tape__pin--playing");
  marked = citation;
  citation?.classList.add("citation--playing");
  for (const pin of pinsOf(article, marked)) pin.classList.add("tape__pin--playing");
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete(NAME);
  const ranges = citation ? sentenceOf(article, citation) : [];
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
}

// The claim in its block as ranges, one for each piece of text: the marks that stand between the words are left out.
export function sentenceOf(article, citation) {
  const claim = squeeze(textOf(rowOf(article, citation), "claim"));
  const block = citation.closest("p, li, td, dd, blockquote");
  if (!claim || !block) return [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(".cite, .card, .anchor") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  let text = "";
  const places = [];
  while (walker.nextNode()) {
    [...walker.currentNode.data].forEach((letter, index) => {
      if (/\s/.test(letter)) return;
      places.push([walker.currentNode, index]);
      text += letter;
    });
  }
  const start = text.indexOf(claim);
  if (start < 0) return [];
  const ranges = [];
  for (const [node, offset] of places.slice(start, start + claim.length)) {
    const latest = ranges.at(-1);
    if (latest?.startContainer === node) {
      latest.setEnd(node, offset + 1);
    } else {
      const range = new Range();
      range.setStart(node, offset);
      range.setEnd(node, offset + 1);
      ranges.push(range);
    }
  }
  return ranges;
}

function squeeze(text) {
  return text.replace(/\s+/g, "");
}
