// Finds the citation that is being heard: by the recording's own track if there is one, otherwise the last one reached.
export function makeFollower(citations, { startOf, addressOf }) {
  let current = null; // the citations that the track marks as current; null without a track

  return {
    reset: () => (current = null),
    onCues(addresses) {
      const ids = addresses.map((address) => new URL(address)).filter(({ pathname }) => pathname === location.pathname);
      current = ids.map(({ hash }) => citations.find(({ id }) => `#${id}` === hash)).filter(Boolean);
    },
    citationAt(seconds, address) {
      const reached = citations.filter((one) => addressOf(one) === address && startOf(one) <= seconds + 0.5);
      const byTime = reached.reduce((best, one) => (!best || startOf(one) >= startOf(best) ? one : best), null);
      return current?.at(-1) ?? byTime;
    },
  };
}
