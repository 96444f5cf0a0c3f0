// The two ways in which a page can be heard here; each can play, pause, seek, say where it is, and stop.

export function audioVoice(address, screen, from, { onState, onTime, onError }) {
  screen.hidden = true;
  const audio = document.createElement("audio");
  audio.preload = "metadata";
  audio.src = address;
  // A place asked for before the file is known would be forgotten.
  let wanted = from;
  audio.addEventListener("loadedmetadata", () => {
    audio.currentTime = wanted;
    wanted = null;
  });
  audio.addEventListener("play", () => onState(true));
  audio.addEventListener("pause", () => onState(false));
  audio.addEventListener("timeupdate", () => onTime(audio.currentTime));
  audio.addEventListener("error", () => onError("The audio file could not be loaded. The link beside the claim leads to it."));
  screen.replaceChildren(audio);
  return {
    play: () => audio.play().catch(() => onState(false)),
    pause: () => audio.pause(),
    now: () => wanted ?? audio.currentTime,
    speed: (rate) => {
      audio.defaultPlaybackRate = rate;
      audio.playbackRate = rate;
    },
    seek: (seconds) => {
      if (wanted === null) audio.currentTime = seconds;
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

const YOUTUBE = "https://www.youtube-nocookie.com";

// The frame's own messages (YouTube’s embedded player): no script of theirs runs in this page.
export function videoVoice(id, screen, from, { onState, onTime }) {
  const frame = document.createElement("iframe");
  const asked = new URLSearchParams({ start: String(from), autoplay: "1", enablejsapi: "1", playsinline: "1", origin: location.origin });
  frame.src = `${YOUTUBE}/embed/${encodeURIComponent(id)}?${asked}`;
  frame.title = "Video of the recording";
  frame.allow = "autoplay; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  screen.replaceChildren(frame);
  screen.hidden = false;
  let now = from;
  const say = (message) => frame.contentWindow?.postMessage(JSON.stringify(message), YOUTUBE);
  const command = (func, ...args) => say({ event: "command", func, args });
  const hear = ({ origin, source, data }) => {
    if (origin !== YOUTUBE || source !== frame.contentWindow) return;
    let info = null;
    try {
      ({ info } = JSON.parse(data));
    } catch {
      return;
    }
    if (typeof info?.playerState === "number") onState(info.playerState === 1);
    if (typeof info?.currentTime === "number") onTime((now = info.currentTime));
  };
  addEventListener("message", hear);
  frame.addEventListener("load", () => say({ event: "listening" }));
  return {
    play: () => command("playVideo"),
    pause: () => command("pauseVideo"),
    now: () => now,
    speed: (rate) => command("setPlaybackRate", rate),
    seek: (seconds) => {
      now = seconds;
      command("seekTo", seconds, true);
      onTime(seconds);
    },
    stop: () => {
      removeEventListener("message", hear);
      screen.replaceChildren();
      screen.hidden = true;
    },
  };
}
