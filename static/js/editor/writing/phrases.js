// CodeMirror's own words, translated.
import { gettext } from "../../shared/i18n.js";

export const phrases = () => ({ Completions: gettext("Suggestions") });
