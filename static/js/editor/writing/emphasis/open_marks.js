// Keeps marks that were opened or closed at the caret whole while their words are typed, and until the caret leaves them.
import { EditorView, StateEffect, StateField } from "../../../../vendor/codemirror.js";
import { difference } from "../../text/difference.js";
import { closed, continued, openAt } from "./emphasis.js";

export const opened = StateEffect.define(); // what `emphasis` returned as `open`
const field = StateField.define({
  create: () => null,
  update: (open, { effects }) => effects.reduce((last, effect) => (effect.is(opened) ? effect.value : last), open),
});

// What is open at the caret, or null.
export function openIn(state) {
  const { doc, selection } = state;
  const open = state.field(field, false);
  return open && selection.main.empty && open.caret === selection.main.head && open.text === doc.toString() ? open : null;
}

const watch = EditorView.updateListener.of(({ view, state, startState, changes, docChanged, selectionSet, focusChanged, transactions }) => {
  const open = startState.field(field);
  if (!open || state.field(field) !== open) return;
  const text = state.doc.toString();
  const caret = state.selection.main.head;
  // Bring the text in line with `next`; the caret stays where it is if it has left.
  const become = (next, fresh, place) => {
    const made = difference(text, fresh);
    const kept = !made || caret < made.from ? caret : Math.max(made.from, caret + made.insert.length - (made.to - made.from));
    const isKept = place === undefined && (!made || !view.hasFocus || !state.selection.main.empty);
    const selection = isKept ? undefined : { anchor: place ?? kept };
    view.dispatch({ changes: made ?? [], selection, effects: opened.of(next), userEvent: "input" });
  };
  if (docChanged) {
    const isUndone = transactions.some((transaction) => transaction.isUserEvent("undo") || transaction.isUserEvent("redo"));
    const typed = text.slice(open.caret, caret);
    const isTyped = !view.composing && text === open.text.slice(0, open.caret) + typed + open.text.slice(open.caret);
    const next = isTyped ? continued(open, typed) : null;
    if (next) become(next, next.text, next.caret);
    else view.dispatch({ effects: opened.of(isUndone ? null : openAt(text, caret)) });
  } else if ((selectionSet && !state.selection.main.eq(startState.selection.main)) || (focusChanged && !view.hasFocus)) {
    become(null, closed(open));
  }
});

export const openMarks = [field, watch];
