// What turns pasted HTML into Markdown.
export { default as Turndown } from "turndown";
export { strikethrough, tables } from "@joplin/turndown-plugin-gfm";
