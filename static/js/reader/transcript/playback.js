// Plays a transcript's recording in the player at the window's edge; the text follows what is playing.
import { gettext } from "../../shared/i18n.js";
import { makeBar } from "../player/bar.js";
import { listen } from "../player/keys.js";
import * as mediaSession from "../player/media_session.js";
import { audioSource, videoSource } from "../player/sources.js";
import * as storage from "../player/storage.js";

const STEP_SECONDS = 10;
const READING_MS = 4000; // after the reader has scrolled, the page stays where it is
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

// `text` is what `openText` returned for the same transcript, which has a recording that can be played.
export function openPlayback(transcript, text) {
  const { audio, video, title } = transcript.dataset;

  const bar = makeBar({ back: gettext("Previous passage"), next: gettext("Next passage") });
  bar.find("order").closest("label").hidden = true;
  document.querySelector("main").append(bar.element);
  const leadTo = (passage) => {
    for (const name of ["out", "open"]) bar.find(name).href = passage.querySelector(".passage__time").href;
  };
  leadTo(transcript);
  bar.find("open").textContent = video ? gettext("Open on YouTube") : gettext("Open the recording");

  let source = null;
  let state = "paused";
  let wanted = 0; // the second to play from once the reader has consented
  let current = null;
  let scrolledAt = -Infinity;
  for (const type of ["wheel", "touchmove"]) addEventListener(type, () => (scrolledAt = performance.now()), { passive: true });

  const onState = (next, why = "") => {
    if (next === "paused" && state === "failed") return; // the pause is a consequence
    state = next;
    bar.state(state, why);
    mediaSession.state(state);
  };

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
    if (state === "playing" && !isInView && !isReading()) {
      cue.scrollIntoView({ block: "center", behavior: REDUCED_MOTION.matches ? "instant" : "smooth" });
    }
  };

  const followAt = async (seconds) => {
    if (text.holds(seconds)) follow(text.cueAt(seconds));
    else if (!isReading() && (await text.turnTo(seconds)) && source) follow(text.cueAt(seconds));
  };

  const onTime = (seconds) => {
    const length = source?.duration() ?? NaN;
    bar.time({ seconds, shown: seconds, length, played: Number.isFinite(length) ? seconds / length : 0 });
    mediaSession.position(seconds, length, Number(bar.find("speed").value));
    followAt(seconds + 0.05); // players may stop a little before where they were sent
  };

  const onFail = (why) => {
    source?.stop();
    source = null;
    onState("failed", why);
    bar.announce(why);
    bar.find("open").focus({ preventScroll: true });
  };

  const start = () => {
    if (source) source.seek(wanted);
    else {
      const open = audio ? audioSource : videoSource;
      source = open(audio ?? video, bar.element.querySelector(".player__screen"), wanted, {
        track: "",
        onCues: () => {},
        // What a source that was closed still reports comes too late.
        onState: (...report) => source && onState(...report),
        onFail: (why) => source && onFail(why),
        onTime: (seconds) => source && onTime(seconds),
      });
      source.speed(Number(bar.find("speed").value));
    }
    onState("loading");
    source.play();
    onTime(wanted);
  };

  const play = (seconds) => {
    wanted = seconds;
    leadTo(text.passageOf(text.cueAt(seconds)) ?? transcript);
    bar.open(true);
    bar.find("failed").hidden = true;
    bar.element.querySelector(".player__forget").hidden = !video || !storage.hasConsent();
    const mustAsk = Boolean(video) && !source && !storage.hasConsent();
    bar.element.querySelector(".player__consent").hidden = !mustAsk;
    if (!mustAsk) {
      start();
      return;
    }
    onState("asking");
    bar.element.querySelector(".player__agree").focus({ preventScroll: true });
  };

  const move = async (by) => {
    const next = await text.neighbour(current, by);
    if (next !== null) play(next);
    else bar.announce(by < 0 ? gettext("This is the first passage.") : gettext("This was the last passage."));
  };

  const controls = { seek: (seconds) => source?.seek(Math.max(0, seconds)), isPlaying: () => state === "playing" || state === "loading" };
  const actions = {
    toggle: () => {
      if (!source) play(wanted);
      else if (controls.isPlaying()) source.pause();
      else source.play();
    },
    close: () => {
      source?.stop();
      source = null;
      onState("closed");
      follow(null);
      bar.open(false);
    },
    back: () => move(-1),
    next: () => move(1),
    later: () => source && controls.seek(source.now() + STEP_SECONDS),
    earlier: () => source && controls.seek(source.now() - STEP_SECONDS),
    agree: () => {
      if (bar.find("remember").checked) storage.giveConsent();
      bar.element.querySelector(".player__consent").hidden = true;
      start();
      bar.element.querySelector(".player__play").focus({ preventScroll: true });
    },
    forget: () => {
      storage.withdrawConsent();
      bar.element.querySelector(".player__forget").hidden = true;
      bar.announce(gettext("You will be asked before the next video."));
    },
  };
  listen(bar.element, actions, controls);
  mediaSession.bindActions(actions, controls);
  bar.find("speed").value = storage.speed();
  bar.find("speed").addEventListener("change", ({ target }) => {
    storage.saveSpeed(target.value);
    source?.speed(Number(target.value));
  });

  return { play };
}
