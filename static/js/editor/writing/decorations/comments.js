// Marks in the text the passages that open comments in the evidence panel are about.
import { Decoration, ViewPlugin } from "../../../../vendor/codemirror.js";
import { unitsBefore } from "../../text/text.js";
import { checked } from "./effects.js";

const COMMENTED = Decoration.mark({ class: "cm-commented" });

export function commentedPassages(form, field) {
  return ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = decorate(view, form, field);
      }

      // Until the panel has been told where the passages are now, they move with the text.
      update(update) {
        if (update.transactions.some(({ effects }) => effects.some((effect) => effect.is(checked)))) {
          this.decorations = decorate(update.view, form, field);
        } else if (update.docChanged) this.decorations = this.decorations.map(update.changes);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

function decorate(view, form, field) {
  const threads = form.querySelectorAll(`[data-claim=comment]:not(.claim--resolved)[data-field="${CSS.escape(field.id)}"]`);
  const text = view.state.doc.toString();
  const found = [...threads].flatMap(({ dataset }) => {
    const start = unitsBefore(text, Number(dataset.offset));
    const end = start + unitsBefore(text.slice(start), Number(dataset.length));
    return end > start ? [COMMENTED.range(start, end)] : [];
  });
  return Decoration.set(found, true);
}
