// What the editor's text fields use of CodeMirror.
export { autocompletion, startCompletion } from "@codemirror/autocomplete";
export { history, isolateHistory, redo, standardKeymap, undo, undoDepth } from "@codemirror/commands";
export { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from "@codemirror/lang-markdown";
export { syntaxTree } from "@codemirror/language";
export { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, ViewPlugin, keymap, placeholder } from "@codemirror/view";
