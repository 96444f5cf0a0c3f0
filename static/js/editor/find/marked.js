// Marks the matches of a search in an editing layer.
import { Decoration, EditorView, StateEffect, StateField } from "../../../vendor/codemirror.js";

const marking = StateEffect.define(); // { matches: [{ start, end }], current: index or -1 }
const match = Decoration.mark({ class: "cm-searchMatch" });
const selected = Decoration.mark({ class: "cm-searchMatch cm-searchMatch-selected" });

export const marked = StateField.define({
  create: () => Decoration.none,
  update(decorations, transaction) {
    const effect = transaction.effects.findLast((one) => one.is(marking));
    if (!effect) return decorations.map(transaction.changes);
    const { matches, current } = effect.value;
    return Decoration.set(matches.map(({ start, end }, index) => (index === current ? selected : match).range(start, end)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const markMatches = (matches, current) => marking.of({ matches, current });
