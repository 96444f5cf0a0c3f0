// The one table of keys: what each does, and the listener that acts on them. Outside of text fields a key acts alone, in
// them with Alt (on a Mac with Ctrl and Alt, because Option types characters there).
import { gettext } from "./i18n.js";

export const IS_MAC = navigator.platform.startsWith("Mac");
const SINGLE_KEYS = "single-keys"; // "off" in this browser's storage: keys act only with Alt, for those who speak to a computer

// In the order of the list. `[` needs AltGr on many keyboards, so comma and full stop do the same.
const TABLE = [
  { name: "next", keys: ["j"], label: gettext("Next item"), short: gettext("next") },
  { name: "previous", keys: ["k"], label: gettext("Previous item"), short: gettext("previous") },
  { name: "problem", keys: ["n"], label: gettext("Next problem"), short: gettext("next problem") },
  { name: "open", keys: ["o"], label: gettext("Open (Enter does, too)"), short: gettext("open") },
  { name: "play", keys: ["p"], label: gettext("Play the citation from 3 seconds before, or pause"), short: gettext("play") },
  { name: "playBefore", keys: ["shift+p"], label: gettext("Play the citation as it was before the change") },
  { name: "back", keys: ["[", ","], label: gettext("Back 2 seconds"), repeats: true },
  { name: "forward", keys: ["]", "."], label: gettext("Forward 2 seconds"), repeats: true },
  { name: "loop", keys: ["l"], label: gettext("Repeat the claim’s passage, or go on") },
  { name: "confirm", keys: ["h"], label: gettext("Confirm: you heard it there"), short: gettext("confirm") },
  { name: "suggestion", keys: ["1", "2", "3", "4", "5"], label: gettext("Choose a suggestion, or cite a working note"), short: gettext("choose") },
  { name: "outcome", keys: ["1", "2", "3"], label: gettext("Choose an outcome"), short: gettext("outcome") },
  { name: "setTime", keys: ["t"], label: gettext("Move the citation to the time that is playing"), short: gettext("set time") },
  { name: "dismiss", keys: ["d"], label: gettext("Dismiss the issue, with a reason"), short: gettext("dismiss") },
  { name: "find", keys: ["f"], label: gettext("Find a timestamp for an uncited sentence") },
  { name: "tick", keys: ["space"], label: gettext("Select or deselect"), short: gettext("select") },
  { name: "comment", keys: ["c"], label: gettext("Comment"), short: gettext("comment") },
  { name: "passage", keys: ["m"], label: gettext("Comment on the selected passage"), short: gettext("comment on a passage") },
  { name: "approve", keys: ["a"], label: gettext("Approve"), short: gettext("approve") },
  { name: "requestChanges", keys: ["r"], label: gettext("Request changes"), short: gettext("request changes") },
  { name: "reject", keys: ["x"], label: gettext("Reject"), short: gettext("reject") },
  { name: "undo", keys: ["u"], label: gettext("Undo the last decision"), short: gettext("undo") },
  { name: "search", keys: ["/"], label: gettext("Search"), short: gettext("search") },
  { name: "help", keys: ["?"], label: gettext("Show or hide this list"), short: gettext("all shortcuts") },
];

// Keys inside of text fields, which other listeners act on.
const IN_TEXT = [
  { name: "send", keys: ["Ctrl+Enter"], label: gettext("Send"), short: gettext("send") },
  { name: "indent", keys: ["Tab", "Shift+Tab"], label: gettext("In a list: indent the item, or move it back out") },
  { name: "leave", keys: ["Esc", "Tab"], label: gettext("Leave the text: one after the other") },
];

const handlers = new Map();
const listed = new Set();

export const rows = () => TABLE.filter(({ name }) => handlers.has(name));
export const rowsInText = () => IN_TEXT.filter(({ name }) => listed.has(name));

export function singleKeys() {
  try {
    return localStorage.getItem(SINGLE_KEYS) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(areOn) {
  try {
    localStorage.setItem(SINGLE_KEYS, areOn ? "on" : "off");
  } catch {
    // Storage is switched off: the keys stay as they are.
  }
}

const FIELD = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range])";
const isField = (node) => node.matches?.(FIELD) || node.isContentEditable;

// Whether what is typed goes into a field, which may be in a shadow tree, where the event's target is its host.
export const isTyping = (event) => event.composedPath().some(isField);

// The name that the table has for the key of an event, "" for others.
export function nameOf({ key, code, shiftKey }) {
  if (key === " ") return "space";
  // Other characters come from Option on a Mac and from layouts without Latin letters: there the key's place counts.
  const letter = /^[!-~]$/.test(key) ? key.toLowerCase() : (/^(?:Key|Digit)(\w)$/.exec(code)?.[1] ?? "").toLowerCase();
  return shiftKey && /^[a-z]$/.test(letter) ? `shift+${letter}` : letter;
}

// Whether the keys that are held down make this a shortcut rather than text, or a shortcut of the browser's own.
function isMeant(event) {
  const { altKey, ctrlKey, metaKey } = event;
  const isAltGraph = event.getModifierState("AltGraph"); // Windows reports AltGr as Ctrl and Alt
  const isWithAlt = altKey && ctrlKey === IS_MAC && !metaKey && !isAltGraph;
  if (isTyping(event) || !singleKeys()) return isWithAlt;
  return !metaKey && (!ctrlKey || isAltGraph || isWithAlt);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || !isMeant(event)) return;
  const pressed = nameOf(event);
  const row = TABLE.find(({ keys, name }) => handlers.has(name) && keys.includes(pressed));
  if (!row || (event.repeat && !row.repeats && row.name !== "next" && row.name !== "previous")) return;
  if (row.name !== "help" && document.querySelector("dialog:modal")) return;
  // A focused control has its own use of the space bar.
  if (pressed === "space" && event.composedPath()[0].matches?.("button, summary, input, [role=button]")) return;
  if (handlers.get(row.name)(pressed, event) !== false) event.preventDefault();
}

// Adds actions by name: functions of the key that was pressed, which return false if there was nothing to do.
export function bindKeys(actions) {
  document.addEventListener("keydown", onKey); // only once, as it is the same function
  for (const [name, action] of Object.entries(actions)) handlers.set(name, action);
}

// Lists keys of text fields by name; who calls this acts on them.
export function listKeys(...names) {
  for (const name of names) listed.add(name);
}

// Another page takes the place of the one with these keys.
export function forgetKeys() {
  handlers.clear();
  listed.clear();
}
