// What other parts of the editor tell the text.
import { StateEffect } from "../../../../vendor/codemirror.js";

export const checked = StateEffect.define(); // the evidence panel shows new states
