// Media Session API: what the device's own controls (lock screen, headset, media keys) show and do.
const session = navigator.mediaSession; // absent in older browsers

export function bindActions(actions, { seek, isPlaying }) {
  const handlers = {
    play: () => isPlaying() || actions.toggle(),
    pause: () => isPlaying() && actions.toggle(),
    previoustrack: actions.back,
    nexttrack: actions.next,
    seekbackward: actions.earlier,
    seekforward: actions.later,
    seekto: ({ seekTime }) => seek(seekTime),
    stop: actions.close,
  };
  for (const [name, handler] of Object.entries(handlers)) {
    try {
      session?.setActionHandler(name, handler);
    } catch {
      // This browser doesn't support the action.
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
