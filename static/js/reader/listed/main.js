// Entry point of pages that list timestamps (citation reports, episodes, search results): a click on one plays it there.
// Ctrl-click and the like still open the recording, and without scripts the links do. The player is loaded at the first click.
import { momentAt } from "./moment.js";

const TIMES = "a.moments__time, a.result__time";
let player = null;

document.querySelector("main").addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest(TIMES);
  if (!link || !momentAt(link)) return;
  event.preventDefault();
  player ??= import("./playback.js").then(({ openPlayback }) => openPlayback(TIMES));
  player.then(
    ({ play }) => play(link),
    () => {
      player = null; // the scripts couldn't be loaded: try again at the next click
      location.assign(link.href);
    },
  );
});
