// Writes an image into a text: a paragraph of its own, with its credit below it, and the caret behind it.
import { asBlock } from "../text/blocks.js";
import { replaceRange } from "../text/text.js";

// What Markdown would read as markup; `articles/admin/editor/images/queries.py` escapes the same.
const SIGNS = /[\\`*[\]<]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
const escaped = (text) => text.replace(SIGNS, "\\$&");

export function insertImage(field, url, { alt, credit }) {
  const image = `![${escaped(alt)}](${url})`;
  const written = credit ? `${image}\\\n*${escaped(credit)}*` : image;
  const { at, text, before } = asBlock(field.value, field.selectionEnd, written);
  // Writing on begins a paragraph, if there is none yet.
  const isLast = !field.value.slice(at).trim();
  replaceRange(field, at, at, isLast ? `${text.trimEnd()}\n\n` : text);
  const caret = at + before + written.length + (isLast ? 2 : 0);
  field.setSelectionRange(caret, caret);
}
