// What the editor's text fields use of CodeMirror.
export { autocompletion, startCompletion } from "@codemirror/autocomplete";
export { history, historyKeymap, isolateHistory, standardKeymap, undo } from "@codemirror/commands";
export { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from "@codemirror/lang-markdown";
export { syntaxTree } from "@codemirror/language";
export { openSearchPanel, search, searchKeymap } from "@codemirror/search";
export { Annotation, EditorState, StateEffect } from "@codemirror/state";
export { Decoration, EditorView, ViewPlugin, keymap, placeholder } from "@codemirror/view";
