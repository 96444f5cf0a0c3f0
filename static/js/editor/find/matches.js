// Finds words in the texts of an article, and writes what replaces them.

// The regular expression that `query` and the options { case, words, regexp } mean. Raises SyntaxError for a mistyped one.
export function patternOf(query, options) {
  const source = options.regexp ? query : query.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const letter = String.raw`[\p{L}\p{M}\p{N}_]`;
  return new RegExp(options.words ? `(?<!${letter})(?:${source})(?!${letter})` : source, `gmu${options.case ? "" : "i"}`);
}

// Each match of `pattern` in `text`; those without a letter, such as of `x*`, are none.
export function matchesIn(text, pattern) {
  return [...text.matchAll(pattern)].filter(([found]) => found).map((match) => ({ start: match.index, end: match.index + match[0].length, match }));
}

// What replaces a match: for a regular expression, $1 to $99 are its groups and $& is all of it.
export function replacementOf(match, replacement, isRegexp) {
  if (!isRegexp) return replacement;
  return replacement.replace(/\$(\$|&|\d{1,2})/g, (all, name) => {
    if (name === "$") return "$";
    if (name === "&") return match[0];
    return Number(name) < match.length ? (match[Number(name)] ?? "") : all;
  });
}
