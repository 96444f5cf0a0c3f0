// Shows Markdown as it will be read: headings, emphasis, links, lists and quotes in the article's typography. The marks
// themselves are hidden but on the line with the caret, where they are dimmed.
import { Decoration, ViewPlugin, syntaxTree } from "../../../../vendor/codemirror.js";

const LINES = { Blockquote: "cm-quote", FencedCode: "cm-code-block", CodeBlock: "cm-code-block", Table: "cm-table", HorizontalRule: "cm-rule" };
const HEADING = /^(?:ATX|Setext)Heading\d$/;
const SPANS = { StrongEmphasis: "cm-strong", Emphasis: "cm-emphasis", Strikethrough: "cm-struck", InlineCode: "cm-code", URL: "cm-address" };
const HIDDEN = new Set(["HeaderMark", "EmphasisMark", "StrikethroughMark", "QuoteMark"]);
const WIKI_LINK = /\[\[(?:([^[\]|\n]+)\|)?[^[\]|\n]+\]\]/g;

const direction = Decoration.line({ attributes: { dir: "auto" } });
const syntax = Decoration.mark({ class: "cm-syntax" });
const hidden = Decoration.replace({});

export const livePreview = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = decorate(view);
    }

    update(update) {
      const { docChanged, viewportChanged, selectionSet, focusChanged, startState, state, view } = update;
      const isParsed = syntaxTree(startState) !== syntaxTree(state);
      if (docChanged || viewportChanged || selectionSet || focusChanged || isParsed) this.decorations = decorate(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorate(view) {
  const { doc } = view.state;
  const found = [];
  const mark = (from, to, name) => from < to && found.push(Decoration.mark({ class: name }).range(from, to));
  const line = (from, name) => found.push(Decoration.line({ class: name }).range(from));
  // A mark, and the space after it that belongs to it.
  const markup = (from, to) => from < to && found.push((isEdited(view, from, to) ? syntax : hidden).range(from, to));

  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; at = doc.lineAt(at).to + 1) found.push(direction.range(doc.lineAt(at).from));
    const code = [];
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const { name, node: element } = node;
        const block = HEADING.test(name) ? "cm-heading" : LINES[name];
        if (block) eachLine(doc, Math.max(node.from, from), Math.min(node.to, to), (start) => line(start, block));
        if (SPANS[name]) mark(node.from, node.to, SPANS[name]);
        if (/Code/.test(name)) code.push({ from: node.from, to: node.to });
        if (HIDDEN.has(name)) {
          const space = /^(Header|Quote)Mark$/.test(name) && doc.sliceString(node.to, node.to + 1) === " " ? 1 : 0;
          markup(node.from, node.to + space);
        } else if (name === "CodeMark") {
          if (element.parent.name === "InlineCode") markup(node.from, node.to);
          else mark(node.from, node.to, "cm-syntax");
        } else if (name === "Escape") markup(node.from, node.from + 1);
        else if (name === "ListMark" || name === "TableDelimiter") mark(node.from, node.to, "cm-mark");
        else if (name === "Link" && element.getChild("URL")) shapeLink(element, mark, markup);
        else if (name === "Image") {
          mark(node.from, node.to, "cm-image");
          const address = element.getChildren("LinkMark")[2];
          if (address) markup(address.from, node.to);
        }
        return name !== "Image";
      },
    });
    for (const match of doc.sliceString(from, to).matchAll(WIKI_LINK)) {
      const start = from + match.index;
      const end = start + match[0].length;
      if (code.some((span) => span.from < end && start < span.to)) continue;
      const label = start + 2 + (match[1] === undefined ? 0 : match[1].length + 1);
      markup(start, label);
      mark(label, end - 2, "cm-link");
      markup(end - 2, end);
    }
  }
  return Decoration.set(found, true);
}

// The label of `[label](address)` is shown as a link, the rest is markup.
function shapeLink(element, mark, markup) {
  const [open, close] = element.getChildren("LinkMark");
  if (!close) return;
  markup(open.from, open.to);
  mark(open.to, close.from, "cm-link");
  markup(close.from, element.to);
}

// Whether the selection touches the lines from `from` to `to` while the text has the focus.
function isEdited(view, from, to) {
  if (!view.hasFocus) return false;
  const { doc, selection } = view.state;
  const start = doc.lineAt(from).from;
  const end = doc.lineAt(to).to;
  return selection.ranges.some((range) => range.from <= end && range.to >= start);
}

function eachLine(doc, from, to, visit) {
  for (let at = from; at <= to; ) {
    const { from: start, to: end } = doc.lineAt(at);
    visit(start);
    at = end + 1;
  }
}
