// Says what of a pasted text could not be kept.
import { fill, gettext, ngettext } from "../../shared/i18n.js";

// What Markdown can't say, with its number.
export function lostIn(lost) {
  const names = {
    images: (n) => ngettext("%(n)s image that only the other program can open", "%(n)s images that only the other program can open", n),
    videos: (n) => ngettext("%(n)s video or recording", "%(n)s videos or recordings", n),
    comments: (n) => ngettext("%(n)s comment", "%(n)s comments", n),
    formulas: (n) => ngettext("%(n)s formula", "%(n)s formulas", n),
    links: (n) => ngettext("%(n)s link to a file", "%(n)s links to files", n),
    checkboxes: (n) => ngettext("%(n)s checkbox", "%(n)s checkboxes", n),
    subscripts: (n) => ngettext("%(n)s subscript", "%(n)s subscripts", n),
    underlines: (n) => ngettext("%(n)s underlining", "%(n)s underlinings", n),
    cells: (n) => ngettext("%(n)s merged cell", "%(n)s merged cells", n),
    lists: (n) => ngettext("%(n)s list in a table", "%(n)s lists in tables", n),
  };
  const kinds = Object.entries(lost).map(([kind, n]) => fill(names[kind](n), { n }));
  return kinds.length ? fill(gettext("Not kept: %(kinds)s."), { kinds: kinds.join(", ") }) : "";
}
