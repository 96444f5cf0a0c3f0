// What is offered while typing: articles after `[[`, timestamps after `[`, and blocks after `/` at the start of a line.
import { gettext } from "../../shared/i18n.js";
import { token } from "../../shared/token.js";
import { sourcesOf } from "../text/previews.js";
import { difference } from "../text/difference.js";
import { COMMANDS } from "./toolbar/formatting.js";
import { clock, findMarks } from "./marks.js";

const CONTEXT = 60; // characters of the sentence before a citation that are shown with it

export function completions(form) {
  const ask = async (query) => {
    const body = new FormData(); // there can be more sources than fit into a URL
    for (const [name, value] of [...query, ["csrfmiddlewaretoken", token(form)]]) body.append(name, value);
    const response = await fetch(form.dataset.completionsUrl, { method: "POST", body }).catch(() => null);
    return response?.ok ? response.json() : { articles: [], chapters: [] };
  };

  const articles = async (context) => {
    const before = context.matchBefore(/\[\[[^[\]|\n]*/);
    if (!before) return null;
    const { articles } = await ask([["q", before.text.slice(2)]]);
    const end = /^\]*/.exec(context.state.sliceDoc(context.pos, context.pos + 2))[0].length;
    return {
      from: before.from + 2,
      filter: false,
      options: articles.map(({ title, slug, target }) => ({
        label: title,
        detail: slug,
        apply: (view, completion, from, to) => insert(view, from, to + end, `${target}]]`),
      })),
    };
  };

  let chapters = null; // of the sources that the form named when they were asked for
  const chaptersOf = async () => {
    const sources = sourcesOf(form);
    const key = sources.join("\n");
    if (chapters?.key !== key) chapters = { key, list: ask(sources.map((source) => ["source", source])).then(({ chapters }) => chapters) };
    return chapters.list;
  };

  const timestamps = async (context) => {
    const before = context.matchBefore(/(?:^|[^[\\])\[[^[\]\n]{0,40}/);
    if (!before) return null;
    const open = before.from + before.text.indexOf("[");
    const options = new Map();
    // Found by its time and by its words.
    const add = (mark, detail, boost = 0) => {
      if (options.has(mark)) return;
      options.set(mark, { label: `${mark} ${detail}`, displayLabel: mark, detail, boost, apply: (view, completion, from, to) => insert(view, from, to, mark) });
    };
    for (const button of form.querySelectorAll("[data-current] [data-note]")) {
      add(button.dataset.note, button.closest("[data-claim]").querySelector(".claim__text").textContent, 99);
    }
    for (const button of form.querySelectorAll("[data-claim] [data-suggestion][data-replacement]")) {
      for (const { start, end } of findMarks(button.dataset.replacement)) {
        add(button.dataset.replacement.slice(start, end), button.querySelector(".suggestions__quote")?.textContent.trim().replace(/\s+/g, " ") ?? "");
      }
    }
    const own = context.state.doc.toString();
    const written = own.slice(0, open) + own.slice(context.pos); // without what is being typed
    for (const { value } of form.querySelectorAll("textarea.markdownx-editor")) {
      const text = value === own ? written : value;
      for (const { start, end } of findMarks(text)) {
        add(text.slice(start, end), text.slice(Math.max(0, start - CONTEXT), start).split(/[[\]\n]/).at(-1).trim());
      }
    }
    for (const { key, seconds, title } of await chaptersOf()) add(key ? `[${key} ${clock(seconds)}]` : `[${clock(seconds)}]`, title);
    return { from: open, options: [...options.values()], validFor: /^\[[^[\]\n]*$/ };
  };

  const blocks = (context) => {
    const before = context.matchBefore(/^\/\w*/);
    if (!before || before.from !== context.state.doc.lineAt(context.pos).from) return null;
    const names = {
      heading: gettext("Subheading"), bullets: gettext("Bulleted list"), numbers: gettext("Numbered list"), quote: gettext("Quote"),
      callout: gettext("Callout"), table: gettext("Table"), code: gettext("Code"),
    };
    const apply = (command) => (view, completion, from, to) => {
      const { doc } = view.state;
      const text = doc.sliceString(0, from) + doc.sliceString(to);
      const made = COMMANDS[command](text, from, from);
      const fresh = text.slice(0, made.from) + made.insert + text.slice(made.to);
      view.dispatch({ changes: difference(doc.toString(), fresh) ?? [], selection: { anchor: made.select[0], head: made.select[1] }, userEvent: "input.complete" });
    };
    return { from: before.from, options: Object.entries(names).map(([command, label]) => ({ label: `/${label}`, displayLabel: label, apply: apply(command) })) };
  };

  return [articles, timestamps, blocks];
}

function insert(view, from, to, text) {
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.complete" });
}
