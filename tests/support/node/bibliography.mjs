// Prints what standard input (BibTeX, or CSL-JSON) says as a bibliography: one entry a line, in APA's style.
import { Cite, plugins } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-csl";
import { readFileSync } from "node:fs";

const input = readFileSync(0, "utf-8");
const type = process.argv[2] === "bibtex" ? "@bibtex/text" : "@csl/list+object";
const given = type === "@bibtex/text" ? input : JSON.parse(input);
const cite = new Cite(given, { forceType: type, strict: true });
process.stdout.write(cite.format("bibliography", { format: "text", template: "apa", lang: "en-US" }));
