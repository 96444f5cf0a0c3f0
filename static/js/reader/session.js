// The machine's own controls (lock screen, headset, media keys): what they show of a recording, and what they do.
const session = navigator.mediaSession; // absent in older browsers

export function obey(acts, { seek, isPlaying }) {
  const named = {
    play: () => isPlaying() || acts.toggle(),
    pause: () => isPlaying() && acts.toggle(),
    previoustrack: acts.back,
    nexttrack: acts.next,
    seekbackward: acts.earlier,
    seekforward: acts.later,
    seekto: ({ seekTime }) => seek(seekTime),
    stop: acts.close,
  };
  for (const [name, action] of Object.entries(named)) {
    try {
      session?.setActionHandler(name, action);
    } catch {
      // This browser does not know the action.
    }
  }
}

export function show(claim, recording) {
  if (!session) return;
  const picture = document.querySelector('meta[property="og:image"]');
  session.metadata = new MediaMetadata({
    title: claim || document.title,
    artist: recording,
    album: document.querySelector("h1")?.textContent ?? "",
    artwork: picture ? [{ src: picture.content, sizes: "1200x630", type: "image/png" }] : [],
  });
}

export function state(name) {
  if (session) session.playbackState = { playing: "playing", closed: "none" }[name] ?? "paused";
}

export function position(seconds, duration, playbackRate) {
  if (!Number.isFinite(duration) || duration <= 0) return;
  session?.setPositionState?.({ duration, playbackRate, position: Math.min(Math.max(seconds, 0), duration) });
}
