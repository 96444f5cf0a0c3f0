// Shows citation marks in the text as chips, in the colour of what the evidence panel says about them.
import { Decoration, ViewPlugin, syntaxTree } from "../../../../vendor/codemirror.js";
import { warningOf } from "../../evidence/warning.js";
import { checked } from "./effects.js";
import { findMarks } from "../marks.js";

export function citations(form, field) {
  return ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = decorate(view, form, field);
      }

      update(update) {
        const isChecked = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(checked)));
        const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
        if (update.docChanged || update.viewportChanged || isChecked || isParsed) this.decorations = decorate(update.view, form, field);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

// The panel lists the claims of a text in its order. A mark of several times has a claim for each of them; one past the end
// of the recording has none, only a flag.
function decorate(view, form, field) {
  const listed = (kind) => [...form.querySelectorAll(`[data-claim=${kind}][data-field="${CSS.escape(field.id)}"]`)];
  const claims = listed("cited");
  const explained = listed("flag").filter((flag) => flag.querySelector("[data-explained]"));
  const found = [];
  for (const { start, end, seconds } of findMarks(view.state.doc.toString())) {
    const own = seconds.flatMap((second) => {
      const at = claims.findIndex(({ dataset }) => Number(dataset.start) === second);
      return at < 0 ? [] : claims.splice(at, 1);
    });
    if (!view.visibleRanges.some(({ from, to }) => from <= start && end <= to) || isCode(view.state, start + 1)) continue;
    const mark = view.state.sliceDoc(start, end);
    const flags = explained.filter((flag) => flag.querySelector("code").textContent === mark);
    const title = [...own, ...flags].map(warningOf).find(Boolean);
    const chip = { class: `cm-citation${title ? " cm-citation--warn" : ""}`, attributes: title ? { title } : {} };
    found.push(Decoration.mark(chip).range(start, end));
  }
  return Decoration.set(found, true);
}

function isCode(state, at) {
  for (let node = syntaxTree(state).resolveInner(at, 1); node; node = node.parent) if (/Code/.test(node.name)) return true;
  return false;
}
