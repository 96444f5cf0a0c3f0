// Which citation is heard now: what the recording's own track says, else the last whose moment has come.
export function makeAlong(citations, { startOf, addressOf }) {
  let spoken = null; // what the track says is cited now; null where there is no track

  return {
    forget: () => (spoken = null),
    cues(addresses) {
      const ids = addresses.map((address) => new URL(address)).filter(({ pathname }) => pathname === location.pathname);
      spoken = ids.map(({ hash }) => citations.find(({ id }) => `#${id}` === hash)).filter(Boolean);
    },
    at(seconds, address) {
      const here = citations.filter((one) => addressOf(one) === address && startOf(one) <= seconds + 0.5);
      const byTime = here.reduce((best, one) => (!best || startOf(one) >= startOf(best) ? one : best), null);
      return spoken?.at(-1) ?? byTime;
    },
  };
}
