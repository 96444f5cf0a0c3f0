// What the player remembers in this browser: consent to YouTube, the speed, and this tab's position.
const read = (store, key) => {
  try {
    return globalThis[store].getItem(key);
  } catch {
    return null; // storage is switched off
  }
};

const write = (store, key, value) => {
  try {
    if (value === null) globalThis[store].removeItem(key);
    else globalThis[store].setItem(key, value);
  } catch {
    // Storage is switched off: nothing is remembered.
  }
};

export const hasConsent = () => read("localStorage", "plays-video") === "yes";
export const giveConsent = () => write("localStorage", "plays-video", "yes");
export const withdrawConsent = () => write("localStorage", "plays-video", null);

export const speed = () => read("localStorage", "speed") ?? "1";
export const saveSpeed = (value) => write("localStorage", "speed", value);

// The id of the citation and the seconds on the clock of what plays it; null if nothing is stored.
export function position(slug) {
  const [id, seconds] = (read("sessionStorage", `place:${slug}`) ?? "").split(" ");
  return id ? { id, seconds: Number(seconds) || 0 } : null;
}
export const savePosition = (slug, id, seconds) => write("sessionStorage", `place:${slug}`, `${id} ${seconds.toFixed(1)}`);
export const clearPosition = (slug) => write("sessionStorage", `place:${slug}`, null);
