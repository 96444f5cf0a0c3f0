// The two kinds of source: an audio file and an embedded video, with the same interface to play, pause, seek and stop.
// They report to `onState` (loading, playing, paused, ended), `onTime` (seconds) and `onFail` (a message).
import { gettext } from "../../shared/i18n.js";

const SILENT_MS = 12_000; // a frame that hasn't answered by then never will

export function audioSource(address, screen, from, { track, onState, onTime, onFail, onCues }) {
  screen.hidden = true;
  const audio = document.createElement("audio");
  audio.preload = "metadata";
  audio.src = `${address}#t=${from}`;
  // A position set before the metadata has loaded would be lost.
  let pendingSeek = null;
  audio.addEventListener("loadedmetadata", () => {
    if (pendingSeek !== null) audio.currentTime = pendingSeek;
    pendingSeek = null;
    onTime(audio.currentTime);
  });
  audio.addEventListener("playing", () => onState("playing"));
  audio.addEventListener("waiting", () => onState("loading"));
  audio.addEventListener("pause", () => onState("paused"));
  audio.addEventListener("ended", () => onState("ended"));
  audio.addEventListener("timeupdate", () => onTime(audio.currentTime));
  audio.addEventListener("error", () => onFail(gettext("Can’t load the audio file.")));
  if (track) audio.append(citationTrack(track, onCues));
  screen.replaceChildren(audio);
  const position = () => pendingSeek ?? (audio.readyState ? audio.currentTime : from);
  return {
    play: () => {
      if (audio.readyState < 3) onState("loading");
      // Rejected if the browser requires a user gesture; aborted if another request came in the meantime.
      audio.play().catch(({ name }) => name === "NotAllowedError" && onState("paused"));
    },
    pause: () => audio.pause(),
    now: position,
    duration: () => audio.duration,
    speed: (rate) => {
      audio.defaultPlaybackRate = rate;
      audio.playbackRate = rate;
    },
    seek: (seconds) => {
      if (audio.readyState) audio.currentTime = seconds;
      else pendingSeek = seconds;
      onTime(seconds);
    },
    stop: () => {
      audio.pause();
      audio.removeAttribute("src");
      audio.load();
      screen.replaceChildren();
    },
  };
}

// The citations of the episode as a metadata track: `onCues` gets the URLs of the current ones.
function citationTrack(address, onCues) {
  const element = document.createElement("track");
  element.kind = "metadata";
  element.src = address;
  element.addEventListener("load", () => onCues([]));
  element.track.mode = "hidden";
  element.track.addEventListener("cuechange", () => {
    onCues([...element.track.activeCues].map((cue) => JSON.parse(cue.text).url));
  });
  return element;
}

const YOUTUBE = "https://www.youtube-nocookie.com";
const STATES = { 0: "ended", 1: "playing", 2: "paused", 3: "loading", 5: "paused" };

// Talks to YouTube's embedded player by messages to its frame, so that none of its scripts run in this page.
export function videoSource(id, screen, from, { onState, onTime, onFail }) {
  const frame = document.createElement("iframe");
  const options = new URLSearchParams({ start: String(Math.floor(from)), autoplay: "1", enablejsapi: "1", playsinline: "1", origin: location.origin });
  frame.src = `${YOUTUBE}/embed/${encodeURIComponent(id)}?${options}`;
  frame.title = gettext("Video of the episode");
  frame.allow = "autoplay; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  screen.replaceChildren(frame);
  screen.hidden = false;
  let now = from;
  let duration = NaN;
  const timeout = setTimeout(() => onFail(gettext("Can’t reach YouTube.")), SILENT_MS);
  const post = (message) => frame.contentWindow?.postMessage(JSON.stringify(message), YOUTUBE);
  const command = (func, ...args) => post({ event: "command", func, args });
  const onMessage = ({ origin, source, data }) => {
    if (origin !== YOUTUBE || source !== frame.contentWindow) return;
    let message = null;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    clearTimeout(timeout);
    const info = message?.info;
    if (message?.event === "onError") {
      onFail(gettext("YouTube doesn’t allow this video to play here."));
      return;
    }
    if (typeof info?.duration === "number" && info.duration > 0) duration = info.duration;
    if (typeof info?.playerState === "number" && STATES[info.playerState]) onState(STATES[info.playerState]);
    if (typeof info?.currentTime === "number") onTime((now = info.currentTime));
  };
  addEventListener("message", onMessage);
  frame.addEventListener("load", () => post({ event: "listening" }));
  onState("loading");
  return {
    play: () => command("playVideo"),
    pause: () => command("pauseVideo"),
    now: () => now,
    duration: () => duration,
    speed: (rate) => command("setPlaybackRate", rate),
    seek: (seconds) => {
      now = seconds;
      command("seekTo", seconds, true);
      onTime(seconds);
    },
    stop: () => {
      clearTimeout(timeout);
      removeEventListener("message", onMessage);
      screen.replaceChildren();
      screen.hidden = true;
    },
  };
}
