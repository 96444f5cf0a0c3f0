// Find and replace in the whole article: its title and lead, and each section's heading and text.
// Loaded by keys.js when it is first asked for.
import { cardsOf, setOpen } from "../sections/cards.js";
import { changed, layerOf, say } from "../text/text.js";
import { fill, gettext, ngettext } from "../../shared/i18n.js";
import { matchesIn, patternOf, replacementOf } from "./matches.js";

const TYPING_MS = 150;
const isText = (field) => field.matches(".markdownx-editor"); // the others are the title and headings

// `editingLayers` is what watchWriting returned. Returns a function (field) that opens the bar, or closes it for null.
export function makeFind(form, editingLayers) {
  const bar = form.querySelector("[data-find-bar]");
  const input = bar.querySelector("[data-find-query]");
  const replacement = bar.querySelector("[data-find-replacement]");
  const count = bar.querySelector("[data-find-count]");
  const options = [...bar.querySelectorAll("[data-find-option]")];
  let matches = []; // { field, start, end, match } in the order of the page
  let current = -1;
  let origin = null; // { field, at }: where the search begins
  let timer = null;
  let isOwnChange = false;

  const fields = () => {
    const cards = cardsOf(form).filter((card) => !card.matches("[data-removed], [data-blank]"));
    const own = cards.flatMap((card) => [card.querySelector(".section-card__heading input"), card.querySelector("textarea.markdownx-editor")]);
    return [form.elements.title, form.elements.lead, ...own];
  };

  const search = () => {
    let pattern;
    try {
      pattern = input.value && patternOf(input.value, Object.fromEntries(options.map((option) => [option.dataset.findOption, option.checked])));
    } catch {
      [matches, current] = [[], -1];
      show(gettext("This isn’t a regular expression."));
      return;
    }
    matches = pattern ? fields().flatMap((field) => matchesIn(field.value, pattern).map((found) => ({ field, ...found }))) : [];
    current = matches.length ? Math.max(0, matches.findIndex(isFromOrigin)) : -1;
    show();
  };
  const isFromOrigin = ({ field, start }) => {
    if (!origin) return true;
    const order = fields();
    const by = order.indexOf(field) - order.indexOf(origin.field);
    return by > 0 || (by === 0 && start >= origin.at);
  };

  // Mark the matches, and say which of them is the current one.
  const show = (problem = "") => {
    count.textContent = problem || (!input.value ? "" : matches.length ? fill(gettext("%(place)s of %(count)s"), { place: current + 1, count: matches.length }) : gettext("No results"));
    for (const field of fields()) {
      const own = matches.filter((match) => match.field === field);
      layerOf(field)?.mark(own, own.indexOf(matches[current]));
      if (!isText(field)) field.toggleAttribute("data-found", own.includes(matches[current]));
    }
  };
  // Bring the current match into view; the focus stays in the bar, unless the text is plain source.
  const reveal = () => {
    if (current < 0) return;
    const { field, start, end } = matches[current];
    origin = { field, at: start };
    const card = field.closest("[data-card]");
    if (card && card.dataset.card !== "lead") setOpen(card, true);
    if (editingLayers.isSource() && isText(field)) {
      field.focus();
      field.setSelectionRange(start, end);
      return;
    }
    if (!isText(field)) {
      field.scrollIntoView({ block: "center" });
      return;
    }
    editingLayers.mount(field).then(() => {
      show();
      layerOf(field)?.scrollTo(start);
    });
  };
  const step = (by) => {
    if (!matches.length) return;
    current = (current + by + matches.length) % matches.length;
    show();
    reveal();
  };

  const write = (field, changes) => {
    isOwnChange = true;
    if (layerOf(field)) layerOf(field).change(changes);
    else {
      field.value = changes.toReversed().reduce((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), field.value);
      changed(field);
    }
    isOwnChange = false;
  };
  const isRegexp = () => options.some((option) => option.dataset.findOption === "regexp" && option.checked);
  const changeOf = ({ start, end, match }) => ({ from: start, to: end, insert: replacementOf(match, replacement.value, isRegexp()) });
  const replace = async () => {
    if (current < 0) return;
    const { field, start } = matches[current];
    if (!editingLayers.isSource()) await editingLayers.mount(field);
    const change = changeOf(matches[current]);
    write(field, [change]);
    origin = { field, at: start + change.insert.length };
    search();
    reveal();
  };
  const replaceAll = async () => {
    const all = matches;
    if (!all.length) return;
    const changing = [...new Set(all.map(({ field }) => field))];
    if (!editingLayers.isSource()) await Promise.all(changing.filter((field) => isText(field)).map(editingLayers.mount));
    for (const field of changing) write(field, all.filter((match) => match.field === field).map(changeOf));
    search();
    const { length } = all;
    say(form, fill(ngettext("Replaced %(count)s match. Press Ctrl+Z to undo.", "Replaced %(count)s matches. Press Ctrl+Z to undo.", length), { count: length }));
  };

  const open = (field) => {
    const [start, end] = field ? [field.selectionStart, field.selectionEnd] : [0, 0];
    const selected = field?.value.slice(start, end) ?? "";
    origin = field && { field, at: start };
    if (selected && !selected.includes("\n")) input.value = selected;
    bar.hidden = false;
    input.focus();
    input.select();
    search();
  };
  // Go on writing at the current match.
  const close = () => {
    bar.hidden = true;
    const { field, start, end } = matches[current] ?? { field: origin?.field ?? fields()[1], start: origin?.at ?? 0, end: origin?.at ?? 0 };
    [matches, current] = [[], -1];
    show();
    field.focus();
    field.setSelectionRange(start, end);
  };

  // What is typed here isn't part of the article.
  for (const type of ["input", "change"]) {
    bar.addEventListener(type, (event) => {
      event.stopPropagation();
      if (event.target !== replacement) search();
      if (event.target === input) reveal();
    });
  }
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if ("findStep" in button.dataset) step(Number(button.dataset.findStep));
    else if ("findReplace" in button.dataset) replace();
    else if ("findReplaceAll" in button.dataset) replaceAll();
    else close();
  });
  bar.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      if (event.target === replacement) replace();
      else step(event.shiftKey ? -1 : 1);
    } else stepByKey(event);
  });
  const stepByKey = (event) => {
    const isNext = event.key === "F3" || ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "g");
    if (!isNext || bar.hidden) return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };
  form.addEventListener("keydown", (event) => bar.contains(event.target) || stepByKey(event));
  form.addEventListener("editor:layer", ({ detail }) => {
    const own = matches.filter(({ field }) => field === detail.field);
    if (own.length) layerOf(detail.field).mark(own, own.indexOf(matches[current]));
  });
  for (const type of ["input", "editor:changed"]) {
    form.addEventListener(type, () => {
      if (bar.hidden || isOwnChange) return;
      clearTimeout(timer);
      timer = setTimeout(search, TYPING_MS);
    });
  }
  return (field) => (field ? open(field) : close());
}
