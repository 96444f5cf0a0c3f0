// Switches that this browser remembers. Where storage is switched off, nothing is remembered, and everything else works.

export function preference(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function setPreference(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is switched off, or full.
  }
}
