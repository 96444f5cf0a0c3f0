// Turns the HTML of a clipboard into Markdown, and counts what Markdown can't say.
import { Turndown, strikethrough, tables } from "../../../vendor/turndown.js";
import { raiseNumbers } from "./scripts.js";
import { flattenCells, nestLists, wordLists } from "./structure.js";

const SHAPES = "h1, h2, h3, h4, h5, h6, strong, b, em, i, del, s, a[href], ul, ol, table, img, blockquote, pre, code, sup, sub, details, video, audio, iframe, .katex, ytd-transcript-segment-renderer";
const STYLED = '[data-css*="font-weight"], [data-css*="font-style"], [data-css*="mso-list"], [data-css*="vertical-align:su"], [data-css*="vertical-align: su"]';
const DROPPED =
  "script, style, meta, link, title, template, button, select, datalist, svg, noscript, .mw-editsection, .suggest:has(a[href*='/challenge/']), [hidden], [data-css*='display:none'], [data-css*='display: none'], [data-css*='mso-hide']";

// Return `markdown` for the clipboard's `html`, and how often what was `lost`, by kind; null if the HTML says no more than
// the plain text does.
export function convert(html) {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  if (!body.querySelector(`${SHAPES}, ${STYLED}`)) return null;
  const lost = {};
  const lose = (kind, count = 1) => count && (lost[kind] = (lost[kind] ?? 0) + count);
  removeComments(body);
  plainCode(body);
  keepFormulas(body);
  keepTranscript(body);
  loseObjects(body, lose);
  for (const element of body.querySelectorAll(DROPPED)) element.remove();
  raiseNumbers(body, css, lose);
  separateBlocks(body);
  wordLists(body);
  headingsOfWord(body);
  emphasise(body, lose);
  nestLists(body);
  flattenCells(body, lose);
  lowerHeadings(body);
  return { markdown: turndown().turndown(body).replace(/\u00a0/g, " ").replace(/^(#+ .*?)[ \t]+$/gm, "$1").trim(), lost };
}

// The policy forbids styles even in a document that is only read: what they say is kept under another name. What isn't
// closed lasts to the end, as for a browser; looking for its end again from each place would take minutes.
function withoutStyles(html) {
  return html.replace(/<style\b[^]*?(?:<\/style>|$)/gi, "").replace(/<[a-z][^>]*(?:>|$)/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-css="));
}

// The value of a property in an element's own style, "" if it has none.
function css(element, name) {
  return new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(element.dataset.css ?? "")?.[1].trim() ?? "";
}

function turndown() {
  const service = new Turndown({ headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*", hr: "---" });
  service.use([strikethrough, tables]);
  // A tag or a character reference that the page shows is text here too.
  const escape = service.escape.bind(service);
  service.escape = (text) => escape(text).replace(/<(?=[a-z/!?])|&(?=#?\w+;)/gi, "\\$&");
  // One space after a list's mark, and what follows indented as far.
  service.addRule("item", {
    filter: "li",
    replacement(content, node) {
      const list = node.parentNode;
      const items = [...list.children];
      const mark = list.nodeName === "OL" ? `${Number(list.getAttribute("start") ?? 1) + items.indexOf(node)}. ` : "- ";
      const text = content.trim().replace(/\n{2,}(?=\s*(?:[-*]|\d+\.) )/g, "\n").replace(/\n(?!$)/g, `\n${" ".repeat(mark.length)}`);
      return mark + text + (node.nextSibling ? "\n" : "");
    },
  });
  service.addRule("formula", { filter: (node) => node.nodeName === "MARK-UP", replacement: (content, node) => node.getAttribute("text") });
  return service;
}

// Text that is Markdown already, and must not be escaped.
function asIs(document, text) {
  const element = document.createElement("mark-up");
  element.setAttribute("text", text);
  element.textContent = "x"; // an empty element would be left out
  return element;
}

function removeComments(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
}

// Code without what colours it.
function plainCode(body) {
  for (const block of body.querySelectorAll("pre")) {
    const code = block.querySelector("code");
    const fresh = body.ownerDocument.createElement("code");
    fresh.className = /language-\S+/.exec(code?.className ?? "")?.[0] ?? "";
    fresh.textContent = (code ?? block).textContent;
    block.replaceChildren(fresh);
  }
}

// Formulas as chat programs and encyclopedias write them: their TeX is in an annotation.
function keepFormulas(body) {
  for (const formula of body.querySelectorAll(".katex-display, .katex, math")) {
    const source = formula.querySelector("annotation[encoding='application/x-tex']")?.textContent.trim();
    if (!source || !formula.isConnected) continue;
    const isBlock = formula.matches(".katex-display, math[display=block]");
    formula.replaceWith(asIs(body.ownerDocument, isBlock ? `$$${source}$$` : `$${source}$`));
  }
}

// Lines of a transcript that was copied from the page of a video: what is said, then when.
function keepTranscript(body) {
  for (const segment of body.querySelectorAll("ytd-transcript-segment-renderer")) {
    const time = segment.querySelector(".segment-timestamp")?.textContent.trim().split(":");
    const line = body.ownerDocument.createElement("p");
    line.textContent = segment.querySelector(".segment-text")?.textContent.replace(/\s+/g, " ").trim() ?? "";
    if (time?.every((part) => /^\d+$/.test(part))) {
      while (time.length < 3) time.unshift("0");
      line.append(" ", asIs(body.ownerDocument, `[${time.map((part) => part.padStart(2, "0")).join(":")}]`));
    }
    segment.replaceWith(line);
  }
}

function loseObjects(body, lose) {
  for (const image of body.querySelectorAll("img")) {
    if (/^(?:https?:|data:image\/)/i.test(image.getAttribute("src") ?? "")) continue;
    lose("images");
    image.remove();
  }
  const lost = { videos: "video, audio, iframe, object, embed", comments: "a[href*='#_msocom'], a[id^=cmnt_ref], a[href*='#cmnt']", formulas: "math" };
  for (const [kind, selector] of Object.entries(lost)) {
    for (const element of body.querySelectorAll(selector)) {
      if (!element.isConnected) continue;
      lose(kind);
      element.remove();
    }
  }
  // Places in the other document, and addresses that nobody else can open.
  for (const link of body.querySelectorAll("a")) {
    const address = link.getAttribute("href") ?? "";
    if (isPermalink(link, address)) link.remove();
    else if (/^(?:https?:|mailto:)/i.test(address)) continue;
    if (address && !/^(?:#|about:|javascript:)/i.test(address)) lose("links");
    link.replaceWith(...link.childNodes);
  }
  for (const box of body.querySelectorAll("input")) {
    if (box.type === "checkbox") lose("checkboxes");
    box.remove();
  }
}

// The mark beside a paragraph or heading, as this site's pages have it too, that links to the place itself.
const isPermalink = (link, address) => address.includes("#") && /^[¶#§\s]*$/.test(link.textContent) && !link.querySelector("img");

// What begins a line of its own, though Turndown doesn't know it: the words before it must not run into it.
function separateBlocks(body) {
  for (const element of body.querySelectorAll("details, summary, legend, dialog, search")) rename(element, "div");
  for (const element of body.querySelectorAll("span[data-css*=display]")) {
    if (/^(?:block|flex|grid|list-item)$/.test(css(element, "display"))) rename(element, "div");
  }
}

function headingsOfWord(body) {
  for (const paragraph of body.querySelectorAll("p")) {
    const level = /^[1-6]$/.exec(css(paragraph, "mso-outline-level"))?.[0] ?? (paragraph.matches(".MsoTitle") ? "1" : "");
    if (level) rename(paragraph, `h${level}`);
  }
}

// What styles say, as elements; and elements whose styles say the opposite, as Google Docs writes them.
function emphasise(body, lose) {
  for (const element of [...body.querySelectorAll("b, strong, i, em, u, [data-css]")]) {
    const [fontWeight, fontStyle] = [css(element, "font-weight"), css(element, "font-style")];
    const isHeading = element.closest("h1, h2, h3, h4, h5, h6");
    const isEmpty = !element.textContent.trim();
    const lines = `${css(element, "text-decoration")} ${css(element, "text-decoration-line")}`;
    if (element.matches("b, strong") && (isHeading || isEmpty || /^(?:normal|[1-4]00)$/.test(fontWeight))) {
      element.replaceWith(...element.childNodes);
    } else if (element.matches("i, em") && (isEmpty || fontStyle === "normal")) {
      element.replaceWith(...element.childNodes);
    } else if (element.matches("span, font, u") && !isEmpty) {
      if (/^(?:bold|bolder|[6-9]00)$/.test(fontWeight) && !isHeading && !element.closest("b, strong")) wrap(element, "strong");
      if (fontStyle === "italic" && !element.closest("i, em")) wrap(element, "em");
      if (/line-through/.test(lines)) wrap(element, "del");
      if ((element.matches("u") || /underline/.test(lines)) && !element.closest("a")) lose("underlines");
    }
  }
  // Neighbours that are emphasised alike are one.
  for (const element of body.querySelectorAll("strong + strong, b + b, em + em, i + i")) {
    const before = element.previousSibling;
    if (before?.nodeName !== element.nodeName) continue;
    element.prepend(...before.childNodes);
    before.remove();
  }
}

// The highest heading is one level below the section’s own, whatever it was in the other text.
function lowerHeadings(body) {
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const highest = Math.min(...headings.map((heading) => Number(heading.nodeName[1])));
  for (const heading of headings) rename(heading, `h${Number(heading.nodeName[1]) - highest + 1}`);
}

function rename(element, name) {
  const fresh = element.ownerDocument.createElement(name);
  fresh.append(...element.childNodes);
  element.replaceWith(fresh);
  return fresh;
}

function wrap(element, name) {
  const fresh = element.ownerDocument.createElement(name);
  fresh.append(...element.childNodes);
  element.append(fresh);
}
