// Where a block of its own, such as an image, goes in Markdown: never into a paragraph, table, list, quote or code block.

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const CONTINUES = /^(?:\s{2,}|\t|\s*(?:[-*+]|\d{1,9}[.)])\s|\s*>)/; // a list or quote goes on after an empty line

// Return where to insert `block` into `text`, the text to insert there, and how many characters of it precede the block.
export function asBlock(text, caret, block) {
  const at = endOfBlock(text, caret);
  const start = /\n\n$|^\n?$/.test(text.slice(0, at)) ? "" : text.slice(0, at).endsWith("\n") ? "\n" : "\n\n";
  const end = /^\n\n|^\n?$/.test(text.slice(at)) ? "" : text.slice(at).startsWith("\n") ? "\n" : "\n\n";
  return { at, text: start + block + end, before: start.length };
}

// The end of the paragraph, table, list, quote or code block at `caret`; `caret` itself on an empty line between two.
function endOfBlock(text, caret) {
  const lines = text.split("\n");
  let offset = 0;
  let fence = "";
  let isList = false; // whether the block so far is a list or quote, which an empty line doesn't end
  for (const [index, line] of lines.entries()) {
    const marker = FENCE.exec(line)?.[1] ?? "";
    if (fence) {
      if (marker[0] === fence[0] && marker.length >= fence.length) fence = "";
    } else {
      fence = marker;
      if (line.trim()) isList = CONTINUES.test(line) || (isList && Boolean(lines[index - 1]?.trim()));
    }
    const end = offset + line.length;
    const next = lines.slice(index + 1).find((other) => other.trim()) ?? "";
    const goesOn = fence || lines[index + 1]?.trim() || (isList && CONTINUES.test(next));
    if (end >= caret && !(line.trim() && lines[index + 1]?.trim()) && !goesOn) return line.trim() ? end : Math.min(caret, end);
    if (end >= caret && !line.trim() && !fence && !isList) return caret;
    offset = end + 1;
  }
  return text.length;
}
