// Lists and tables of pasted HTML, brought into the form that Markdown has for them.

const LEVEL = /mso-list:\s*(l\d+)\s+level(\d+)/; // the list and the level in it
const ORDERED = /^[(]?(?:\d+|[a-z]{1,4})[.)]/i;
const WIDEST = 100; // columns of a table; a cell may claim to span a thousand
const BLOCKS = "p, div, ul, ol, li, br, h4, h5, h6, pre, blockquote, hr, dl, dt, dd, figure, figcaption, section, article"; // in a cell
const BULLETS = /^[\s\u00a0]*[·•▪◦§o\uf0b7\uf0a7-][\s\u00a0]+/;

// Word writes the items of a list as paragraphs, each with its mark and level.
export function wordLists(body) {
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const list = listIn(paragraph);
    if (!list || !paragraph.isConnected) continue;
    const items = [];
    for (let one = paragraph; one && listIn(one) === list; one = one.nextElementSibling) items.push(one);
    paragraph.before(listOf(items.map(itemOf)));
    for (const item of items) item.remove();
  }
}

const listIn = (element) => LEVEL.exec(element.dataset.css ?? "")?.[1];

function itemOf(paragraph) {
  const mark = paragraph.querySelector("[data-css*='mso-list:Ignore'], [data-css*='mso-list: Ignore']");
  const isOrdered = ORDERED.test((mark ?? paragraph).textContent.trim());
  const level = Number(LEVEL.exec(paragraph.dataset.css)[2]);
  mark?.remove();
  const item = paragraph.ownerDocument.createElement("li");
  item.append(...paragraph.childNodes);
  const first = item.ownerDocument.createTreeWalker(item, NodeFilter.SHOW_TEXT).nextNode();
  if (first) first.data = mark ? first.data.trimStart() : first.data.replace(BULLETS, "");
  return { item, level, isOrdered };
}

function listOf(items) {
  const make = ({ item, isOrdered }) => item.ownerDocument.createElement(isOrdered ? "ol" : "ul");
  const top = make(items[0]);
  const open = [{ list: top, level: items[0].level }];
  for (const entry of items) {
    while (open.length > 1 && open.at(-1).level > entry.level) open.pop();
    if (entry.level > open.at(-1).level) {
      const list = make(entry);
      (open.at(-1).list.lastElementChild ?? open.at(-1).list).append(list);
      open.push({ list, level: entry.level });
    }
    open.at(-1).list.append(entry.item);
  }
  return top;
}

// A list directly in a list, as Google Docs writes them, belongs to the item before it. Items are lines, not paragraphs.
export function nestLists(body) {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const item = list.previousElementSibling;
    if (item?.matches("li")) item.append(list);
  }
  for (const item of body.querySelectorAll("li")) {
    for (const node of [...item.childNodes]) if (isSpace(node) && (isEdge(node.previousSibling) || isEdge(node.nextSibling))) node.remove();
    const { firstChild: first } = item;
    if (first?.matches?.("p, div") && isEdge(first.nextSibling)) first.replaceWith(...first.childNodes);
  }
}

const isSpace = (node) => node.nodeType === Node.TEXT_NODE && !node.data.trim();

// Whether a line ends at `node`, a neighbour: at a block, or where there is no neighbour.
const isEdge = (node) => !node || Boolean(node.matches?.("p, div, ul, ol, pre, blockquote, table, br"));

// Markdown's tables have a head, one line per row, and a cell for each place.
export function flattenCells(body, lose) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    keepCaption(table);
    const cells = [...table.querySelectorAll("td, th")];
    if (cells.length < 2 || table.querySelector("table, h1, h2, h3")) {
      table.replaceWith(...cells.flatMap((cell) => [...cell.childNodes, table.ownerDocument.createElement("br")]));
      continue;
    }
    for (const cell of cells) {
      const merged = (cell.colSpan > 1 || cell.rowSpan > 1) && cell.isConnected;
      if (merged) lose("cells");
      for (let missing = Math.min(cell.colSpan, WIDEST) - 1; missing > 0; missing--) cell.after(table.ownerDocument.createElement("td"));
      cell.removeAttribute("colspan");
      lose("lists", cell.querySelectorAll("li").length && 1);
      for (const block of cell.querySelectorAll(BLOCKS)) block.replaceWith(" ", ...block.childNodes, " ");
    }
    fillRows(table);
    const first = table.rows[0];
    for (const cell of [...first.cells]) {
      const head = table.ownerDocument.createElement("th");
      for (const bold of cell.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes);
      head.append(...cell.childNodes);
      cell.replaceWith(head);
    }
    const head = table.ownerDocument.createElement("thead");
    head.append(first);
    table.tHead?.replaceWith(...table.tHead.rows); // the other rows of a head are rows below it
    table.prepend(head);
    for (const group of table.querySelectorAll("colgroup")) group.remove();
  }
}

// Markdown's tables have no caption: it is a paragraph before the table.
function keepCaption(table) {
  if (!table.caption) return;
  const paragraph = table.ownerDocument.createElement("p");
  paragraph.append(...table.caption.childNodes);
  table.caption.remove();
  table.before(paragraph);
}

// A cell over several rows leaves its place empty in those below.
function fillRows(table) {
  [...table.rows].forEach((row, number) => {
    [...row.cells].forEach((cell, column) => {
      for (let below = 1; below < Math.min(cell.rowSpan, table.rows.length - number); below++) {
        const next = table.rows[number + below];
        next.insertBefore(table.ownerDocument.createElement("td"), next.cells[column] ?? null);
      }
      cell.removeAttribute("rowspan");
    });
  });
}
