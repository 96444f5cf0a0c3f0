// The two ways in which a recording is heard here; each can play, pause, seek, say where it is, and stop.
// Of what happens it tells `onState` (loading, playing, paused, ended), `onTime` (seconds) and `onFail`.
import { gettext } from "../words.js";

const SILENT_MS = 12_000; // after that a frame that has said nothing will not

export function audioVoice(address, screen, from, { track, onState, onTime, onFail, onCues }) {
  screen.hidden = true;
  const audio = document.createElement("audio");
  audio.preload = "metadata";
  audio.src = `${address}#t=${from}`;
  // What is asked for before the file is known would be forgotten.
  let wanted = null;
  audio.addEventListener("loadedmetadata", () => {
    if (wanted !== null) audio.currentTime = wanted;
    wanted = null;
    onTime(audio.currentTime);
  });
  audio.addEventListener("playing", () => onState("playing"));
  audio.addEventListener("waiting", () => onState("loading"));
  audio.addEventListener("pause", () => onState("paused"));
  audio.addEventListener("ended", () => onState("ended"));
  audio.addEventListener("timeupdate", () => onTime(audio.currentTime));
  audio.addEventListener("error", () => onFail(gettext("The audio file could not be loaded.")));
  if (track) audio.append(citationTrack(track, onCues));
  screen.replaceChildren(audio);
  const place = () => wanted ?? (audio.readyState ? audio.currentTime : from);
  return {
    play: () => {
      if (audio.readyState < 3) onState("loading");
      // Refused where the browser wants a press of its own; given up where something else was asked for meanwhile.
      audio.play().catch(({ name }) => name === "NotAllowedError" && onState("paused"));
    },
    pause: () => audio.pause(),
    now: place,
    duration: () => audio.duration,
    speed: (rate) => {
      audio.defaultPlaybackRate = rate;
      audio.playbackRate = rate;
    },
    seek: (seconds) => {
      if (audio.readyState) audio.currentTime = seconds;
      else wanted = seconds;
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

// What published articles cite of the episode, as it comes along: `onCues` gets the addresses that are spoken now.
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

// The frame's own messages (YouTube’s embedded player): no script of theirs runs in this page.
export function videoVoice(id, screen, from, { onState, onTime, onFail }) {
  const frame = document.createElement("iframe");
  const asked = new URLSearchParams({ start: String(Math.floor(from)), autoplay: "1", enablejsapi: "1", playsinline: "1", origin: location.origin });
  frame.src = `${YOUTUBE}/embed/${encodeURIComponent(id)}?${asked}`;
  frame.title = gettext("Video of the recording");
  frame.allow = "autoplay; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  screen.replaceChildren(frame);
  screen.hidden = false;
  let now = from;
  let duration = NaN;
  const silence = setTimeout(() => onFail(gettext("YouTube does not answer.")), SILENT_MS);
  const say = (message) => frame.contentWindow?.postMessage(JSON.stringify(message), YOUTUBE);
  const command = (func, ...args) => say({ event: "command", func, args });
  const hear = ({ origin, source, data }) => {
    if (origin !== YOUTUBE || source !== frame.contentWindow) return;
    let message = null;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    clearTimeout(silence);
    const info = message?.info;
    if (message?.event === "onError") {
      onFail(gettext("YouTube does not play this video here."));
      return;
    }
    if (typeof info?.duration === "number" && info.duration > 0) duration = info.duration;
    if (typeof info?.playerState === "number" && STATES[info.playerState]) onState(STATES[info.playerState]);
    if (typeof info?.currentTime === "number") onTime((now = info.currentTime));
  };
  addEventListener("message", hear);
  frame.addEventListener("load", () => say({ event: "listening" }));
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
      clearTimeout(silence);
      removeEventListener("message", hear);
      screen.replaceChildren();
      screen.hidden = true;
    },
  };
}
