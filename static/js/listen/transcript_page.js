// Entry point of an episode's transcript in the admin: the public page's player, with the keys of the other pages.
import { LEAD_SECONDS } from "./items.js";
import { watchListening } from "./listen.js";
import { openPlayback } from "../reader/transcript/main.js";
import { bindKeys } from "../shared/keys.js";
import { watchKeyHelp } from "../shared/key_help.js";

const STEP_SECONDS = 2;

const transcript = document.querySelector("[data-transcript]");

if (transcript?.dataset.audio || transcript?.dataset.video) {
  let playback = null; // once something was played
  let asked = null; // the passage that the key played last: it begins in the one before
  const step = (by) => (playback?.session.recording() ? playback.session.step(by) : false);
  bindKeys({
    next: () => playback?.move(1) ?? false,
    previous: () => playback?.move(-1) ?? false,
    play: () => {
      const passage = document.activeElement.closest(".passage") ?? document.querySelector(".passage");
      const start = Number(passage?.querySelector(".cue")?.dataset.timeStart);
      if (!Number.isFinite(start)) return false;
      openPlayback().then((opened) => {
        playback = opened;
        const isHere = passage === asked || !passage.contains(document.activeElement);
        asked = passage;
        if (opened.session.isPlaying() && isHere) opened.session.toggle();
        else opened.play(Math.max(0, start - LEAD_SECONDS));
      });
      return true;
    },
    back: () => step(-STEP_SECONDS),
    forward: () => step(STEP_SECONDS),
  });
  transcript.addEventListener("click", () => openPlayback().then((opened) => (playback = opened)));
} else {
  watchListening(); // the results of a search
}
watchKeyHelp();
