// Playing one recording after the other in a bar: consent to videos, loading, speed, and the device's own controls.
import { gettext } from "../../shared/i18n.js";
import * as mediaSession from "../player/media_session.js";
import { audioSource, videoSource } from "../player/sources.js";
import * as storage from "../player/storage.js";

// `recording` is {audio, video}, of which one is an address or a video's id and the other empty; seconds are on its clock.
// `onTime` gets seconds, `onState` loading, playing, paused, ended, asking, failed or closed.
export function openSession(bar, { onTime, onState = () => {}, onFail = () => {} }) {
  let recording = null;
  let source = null;
  let state = "paused";
  let wanted = 0; // the second to play from once the user has consented

  const part = (name) => bar.element.querySelector(`.player__${name}`);

  const setState = (next, why = "") => {
    if (next === "paused" && state === "failed") return; // the pause is a consequence
    state = next;
    bar.state(state, why);
    mediaSession.state(state);
    onState(state);
  };

  const stop = () => {
    source?.stop();
    source = null;
  };

  const fail = (why) => {
    stop();
    setState("failed", why);
    bar.announce(why);
    onFail(why);
  };

  const report = (seconds) => {
    const length = source?.duration() ?? NaN;
    bar.time({ seconds, shown: seconds, length, played: Number.isFinite(length) ? seconds / length : 0 });
    mediaSession.position(seconds, length, Number(bar.find("speed").value));
    onTime(seconds);
  };

  const start = () => {
    if (recording.video && !navigator.onLine) {
      fail(gettext("You’re offline, so the video can’t be played."));
      return;
    }
    if (source) source.seek(wanted);
    else {
      const open = recording.audio ? audioSource : videoSource;
      const own = {}; // what a source that was closed still reports comes too late
      source = own;
      const opened = open(recording.audio || recording.video, part("screen"), wanted, {
        track: "",
        onCues: () => {},
        onState: (...news) => source?.own === own && setState(...news),
        onFail: (why) => source?.own === own && fail(why),
        onTime: (seconds) => source?.own === own && report(seconds),
      });
      source = Object.assign(opened, { own });
      source.speed(Number(bar.find("speed").value));
    }
    setState("loading");
    source.play();
    report(wanted);
  };

  const play = (next, seconds) => {
    if (recording && (recording.audio !== next.audio || recording.video !== next.video)) stop();
    recording = next;
    wanted = Math.max(0, seconds);
    bar.open(true);
    bar.find("failed").hidden = true;
    part("forget").hidden = !recording.video || !storage.hasConsent();
    const mustAsk = Boolean(recording.video) && !source && !storage.hasConsent();
    part("consent").hidden = !mustAsk;
    if (!mustAsk) {
      start();
      return;
    }
    setState("asking");
    part("agree").focus({ preventScroll: true });
  };

  const session = {
    play,
    seek: (seconds) => source?.seek(Math.max(0, seconds)),
    isPlaying: () => state === "playing" || state === "loading",
    state: () => state,
    recording: () => recording,
    // The second that is playing; null if nothing was opened.
    now: () => source?.now() ?? null,
    step: (by) => source && session.seek(source.now() + by),
    toggle() {
      if (!recording) return;
      if (!source) play(recording, wanted);
      else if (session.isPlaying()) source.pause();
      else source.play();
    },
    close() {
      stop();
      setState("closed");
      bar.open(false);
    },
    agree() {
      if (bar.find("remember").checked) storage.giveConsent();
      part("consent").hidden = true;
      start();
    },
    forget() {
      storage.withdrawConsent();
      part("forget").hidden = true;
      bar.announce(gettext("You will be asked before the next video."));
    },
  };
  bar.find("speed").value = storage.speed();
  bar.find("speed").addEventListener("change", ({ target }) => {
    storage.saveSpeed(target.value);
    source?.speed(Number(target.value));
  });
  return session;
}
