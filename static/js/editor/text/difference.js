// Compares two texts of which one was made from the other by a single change.

// The smallest single change that makes `fresh` of `old`; null if they are the same.
export function difference(old, fresh) {
  if (old === fresh) return null;
  const shorter = Math.min(old.length, fresh.length);
  let from = 0;
  while (from < shorter && old[from] === fresh[from]) from += 1;
  let rest = 0;
  while (rest < shorter - from && old.at(-1 - rest) === fresh.at(-1 - rest)) rest += 1;
  return { from, to: old.length - rest, insert: fresh.slice(from, fresh.length - rest) };
}
