// What the player keeps in this browser: whether YouTube was agreed to, the speed, and where this tab was.
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
    // It is asked again, and begins anew.
  }
};

export const hasAgreed = () => read("localStorage", "plays-video") === "yes";
export const agree = () => write("localStorage", "plays-video", "yes");
export const disagree = () => write("localStorage", "plays-video", null);

export const speed = () => read("localStorage", "speed") ?? "1";
export const keepSpeed = (value) => write("localStorage", "speed", value);

// The citation and the second on the clock of what plays it; null where there is none.
export function place(slug) {
  const [id, seconds] = (read("sessionStorage", `place:${slug}`) ?? "").split(" ");
  return id ? { id, seconds: Number(seconds) || 0 } : null;
}
export const keepPlace = (slug, id, seconds) => write("sessionStorage", `place:${slug}`, `${id} ${seconds.toFixed(1)}`);
export const forgetPlace = (slug) => write("sessionStorage", `place:${slug}`, null);
