// Plays a transcript's recording in the player at the window's edge; the text follows what is playing.
import { gettext } from "../../shared/i18n.js";
import { makeBar } from "../player/bar.js";
import { listen } from "../player/keys.js";
import * as mediaSession from "../player/media_session.js";
import { openSession } from "./session.js";

const STEP_SECONDS = 10;
const READING_MS = 4000; // after the reader has scrolled, the page stays where it is
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

// `text` is what `openText` returned for the same transcript, which has a recording that can be played.
export function openPlayback(transcript, text) {
  const { audio = "", video = "", title } = transcript.dataset;
  const recording = { audio: video ? "" : audio, video };

  const bar = makeBar({ back: gettext("Previous passage"), next: gettext("Next passage") });
  bar.find("order").closest("label").hidden = true;
  document.querySelector("main").append(bar.element);
  const leadTo = (passage) => {
    for (const name of ["out", "open"]) bar.find(name).href = passage.querySelector(".passage__time").href;
  };
  leadTo(transcript);
  bar.find("open").textContent = video ? gettext("Open on YouTube") : gettext("Open the recording");

  let current = null;
  let scrolledAt = -Infinity;
  for (const type of ["wheel", "touchmove"]) addEventListener(type, () => (scrolledAt = performance.now()), { passive: true });

  const isReading = () => performance.now() - scrolledAt < READING_MS;

  const follow = (cue) => {
    if (cue === current) return;
    current?.classList.remove("cue--playing");
    current = cue;
    if (!cue) return;
    cue.classList.add("cue--playing");
    const passage = text.passageOf(cue);
    leadTo(passage);
    const link = bar.find("claim");
    link.textContent = passage.querySelector(".passage__text").textContent.trim().slice(0, 200);
    link.href = `#${passage.querySelector(".cue[id]")?.id ?? ""}`;
    mediaSession.show(link.textContent, title);
    const { top, bottom } = cue.getBoundingClientRect();
    const isInView = top > innerHeight * 0.1 && bottom < innerHeight * 0.7;
    if (session.state() === "playing" && !isInView && !isReading()) {
      cue.scrollIntoView({ block: "center", behavior: REDUCED_MOTION.matches ? "instant" : "smooth" });
    }
  };

  const followAt = async (seconds) => {
    if (text.holds(seconds)) follow(text.cueAt(seconds));
    else if (!isReading() && (await text.turnTo(seconds)) && session.now() !== null) follow(text.cueAt(seconds));
  };

  const session = openSession(bar, {
    onTime: (seconds) => followAt(seconds + 0.05), // players may stop a little before where they were sent
    onState: (state) => state === "closed" && follow(null),
    onFail: () => bar.find("open").focus({ preventScroll: true }),
  });

  const play = (seconds) => {
    leadTo(text.passageOf(text.cueAt(seconds)) ?? transcript);
    session.play(recording, seconds);
  };

  const move = async (by) => {
    const next = await text.neighbour(current, by);
    if (next !== null) play(next);
    else bar.announce(by < 0 ? gettext("This is the first passage.") : gettext("This was the last passage."));
  };

  const actions = {
    toggle: () => (session.recording() ? session.toggle() : play(0)),
    close: session.close,
    back: () => move(-1),
    next: () => move(1),
    later: () => session.step(STEP_SECONDS),
    earlier: () => session.step(-STEP_SECONDS),
    agree: () => {
      session.agree();
      bar.element.querySelector(".player__play").focus({ preventScroll: true });
    },
    forget: session.forget,
  };
  listen(bar.element, actions, session);
  mediaSession.bindActions(actions, session);

  return { play, move, session };
}
