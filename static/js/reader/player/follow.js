// Finds the citation that is playing: by the recording's own track if there is one, otherwise the last one reached.
export function makeFollower(citations, { startOf, addressOf }) {
  let current = null; // the citations that the track marks as current; null without a track

  return {
    reset: () => (current = null),
    onCues(addresses) {
      const ids = addresses.map((address) => new URL(address)).filter(({ pathname }) => pathname === location.pathname);
      current = ids.map(({ hash }) => citations.find(({ id }) => `#${id}` === hash)).filter(Boolean);
    },
    citationAt(seconds, address) {
      const reached = citations.filter((citation) => addressOf(citation) === address && startOf(citation) <= seconds + 0.5);
      const byTime = reached.reduce((best, next) => (!best || startOf(next) >= startOf(best) ? next : best), null);
      return current?.at(-1) ?? byTime;
    },
  };
}
