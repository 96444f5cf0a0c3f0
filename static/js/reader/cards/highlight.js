// Highlights a citation, its markers and its sentence, without changing the text (CSS Custom Highlight API).
import { rowOf, textOf } from "./citations.js";

const NAME = "playing";
let highlighted = null;

function mark(article, citation, isPlaying) {
  if (!citation) return;
  citation.classList.toggle("citation--playing", isPlaying);
  const markers = article.querySelectorAll(`.timeline__marker[href="#${CSS.escape(citation.id)}"]`);
  for (const marker of markers) marker.classList.toggle("timeline__marker--playing", isPlaying);
}

export function highlight(article, citation) {
  if (highlighted === citation) return;
  mark(article, highlighted, false);
  highlighted = citation;
  mark(article, citation, true);
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete(NAME);
  const ranges = citation ? sentenceOf(article, citation) : [];
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
}

// The claim in its block as ranges, one per text node, leaving out the citation marks within it.
export function sentenceOf(article, citation) {
  const claim = textOf(rowOf(article, citation), "claim").replace(/\s+/g, "");
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
