// One player for the page, small at its bottom edge: an audio file, or a video once the reader has agreed to it.
import { citationsOf, clock, recordingOf, rowOf, startOf, textOf } from "./moments.js";
import { audioVoice, videoVoice } from "./voices.js";
import { highlight } from "./highlight.js";

const STEP_SECONDS = 10;
const WITHOUT_END_SECONDS = 30; // how long a moment without an end is played when all are
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

const skip = (isBack) =>
  `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"${isBack ? ' class="player__mirrored"' : ""}><path d="M3 3l8 5-8 5zM11.5 3h1.8v10h-1.8z" fill="currentColor"/></svg>`;

export function openPlayer(article) {
  const bar = document.createElement("section");
  bar.className = "player";
  bar.setAttribute("aria-label", "Player");
  bar.innerHTML = `
    <div class="player__screen" hidden></div>
    <div class="player__ask" hidden>
      <p>This recording is on YouTube. Playing it here tells YouTube your address and which page you read.</p>
      <p><button type="button" data-act="agree">Play the video</button>
      <label><input type="checkbox" data-remember> Do not ask again in this browser</label></p>
    </div>
    <div class="player__row">
      <button type="button" class="player__play" data-act="toggle" aria-label="Play"><span aria-hidden="true"></span></button>
      <p class="player__now"><span class="player__time"><output data-time></output> <span data-from></span></span>
        <a class="player__claim" dir="auto" data-claim></a></p>
      <p class="player__acts">
        <button type="button" data-act="back" aria-label="Previous citation (P)">${skip(true)}</button>
        <button type="button" data-act="next" aria-label="Next citation (N)">${skip(false)}</button>
        <label class="player__speed"><span class="visually-hidden">Speed</span><select data-speed>${SPEEDS.map(
          (speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed} ×</option>`,
        ).join("")}</select></label>
        <label class="player__all"><input type="checkbox" data-all> All, one after another</label>
        <label class="player__all"><input type="checkbox" data-by-time> In the order of the recording</label>
        <button type="button" data-act="close" aria-label="Close the player">×</button>
      </p>
    </div>
    <p class="visually-hidden" role="status" data-status></p>`;
  article.append(bar);
  const find = (selector) => bar.querySelector(selector);
  const inText = citationsOf(article);
  let order = inText;
  let current = null;
  let voice = null;
  let isPlaying = false;

  // Where each is heard: on the clock of what its link plays.
  const heard = new Map(inText.map((citation) => [citation, recordingOf(article, citation)]));
  const addressOf = (citation) => heard.get(citation).audio || heard.get(citation).video;

  const endOf = (citation) => {
    const { start, end } = heard.get(citation);
    return Number.isFinite(end) || !find("[data-all]").checked ? end : start + WITHOUT_END_SECONDS;
  };

  const told = (text) => (find("[data-status]").textContent = text);

  const onState = (playing) => {
    isPlaying = playing;
    find(".player__play").setAttribute("aria-label", playing ? "Pause" : "Play");
    bar.classList.toggle("player--playing", playing);
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
  };

  const onTime = (seconds) => {
    find("[data-time]").textContent = clock(seconds);
    if (!current) return;
    if (isPlaying && seconds >= endOf(current) && seconds < endOf(current) + 5) {
      if (find("[data-all]").checked) move(1);
      else voice.pause();
      return;
    }
    // Play along: the sentence whose moment it is.
    const begun = inText.filter((one) => addressOf(one) === voice?.address && heard.get(one).start <= seconds + 0.5);
    const later = (best, one) => (!best || heard.get(one).start >= heard.get(best).start ? one : best);
    const latest = begun.reduce(later, null);
    highlight(article, isPlaying && latest ? latest : current);
  };

  const tell = (citation) => {
    const claim = textOf(rowOf(article, citation), "claim");
    const link = find("[data-claim]");
    link.textContent = claim;
    link.href = `#${citation.id}`;
    find("[data-from]").textContent = `from ${clock(startOf(citation))}`;
    highlight(article, citation);
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({
      title: claim || document.title,
      artist: heard.get(citation).title,
      album: document.querySelector("h1")?.textContent ?? "",
    });
  };

  const start = (citation) => {
    const recording = heard.get(citation);
    const address = addressOf(citation);
    if (voice?.address !== address) {
      voice?.stop();
      const screen = find(".player__screen");
      const open = recording.audio ? audioVoice : videoVoice;
      voice = open(address, screen, recording.start, { onState, onTime, onError: told });
      voice.address = address;
      voice.speed(Number(find("[data-speed]").value));
    } else {
      voice.seek(recording.start);
    }
    voice.play();
  };

  const play = (citation) => {
    current = citation;
    bar.hidden = false;
    document.body.classList.add("has-player");
    tell(citation);
    const { audio, video } = heard.get(citation);
    const mustAsk = !audio && video && voice?.address !== video && !agreed();
    find(".player__ask").hidden = !mustAsk;
    if (mustAsk) find("[data-act='agree']").focus();
    else start(citation);
  };

  const move = (by) => {
    const at = order.indexOf(current) + by;
    if (at < 0 || at >= order.length) {
      if (isPlaying) voice?.pause();
      told(at < 0 ? "This is the first citation." : "This was the last citation.");
      return;
    }
    play(order[at]);
    order[at].scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };

  const close = () => {
    voice?.stop();
    voice = null;
    onState(false);
    highlight(article, null);
    bar.hidden = true;
    document.body.classList.remove("has-player");
    current?.focus();
  };

  const toggle = () => {
    if (!voice) return current && play(current);
    if (isPlaying) voice.pause();
    else voice.play();
    return undefined;
  };

  const acts = {
    toggle,
    close,
    back: () => move(-1),
    next: () => move(1),
    agree: () => {
      if (find("[data-remember]").checked) agree();
      find(".player__ask").hidden = true;
      start(current);
      find(".player__play").focus();
    },
  };
  bar.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  find("[data-speed]").addEventListener("change", (event) => voice?.speed(Number(event.target.value)));
  find("[data-by-time]").addEventListener("change", (event) => {
    order = event.target.checked ? [...inText].sort((one, other) => startOf(one) - startOf(other)) : inText;
  });
  document.addEventListener("keydown", (event) => {
    if (bar.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest?.("input, select, textarea, button, a, summary, [contenteditable]");
    const isTyping = field?.matches("textarea, select, [contenteditable], input:not([type='checkbox'])");
    if (isTyping) return;
    const seek = (by) => voice?.seek(Math.max(0, voice.now() + by));
    const keys = { n: () => move(1), p: () => move(-1), ArrowRight: () => seek(STEP_SECONDS), ArrowLeft: () => seek(-STEP_SECONDS) };
    if (event.key === " " && !field) keys[" "] = toggle;
    if (event.key === "Escape" && bar.contains(event.target)) keys.Escape = close;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  if ("mediaSession" in navigator) {
    const handle = (name, action) => {
      try {
        navigator.mediaSession.setActionHandler(name, action);
      } catch {
        // This browser does not know the action.
      }
    };
    handle("play", () => voice?.play());
    handle("pause", () => voice?.pause());
    handle("previoustrack", () => move(-1));
    handle("nexttrack", () => move(1));
    handle("seekbackward", () => voice?.seek(Math.max(0, voice.now() - STEP_SECONDS)));
    handle("seekforward", () => voice?.seek(voice.now() + STEP_SECONDS));
  }
  return { play };
}

const AGREED = "plays-video";

function agreed() {
  try {
    return localStorage.getItem(AGREED) === "yes";
  } catch {
    return false;
  }
}

function agree() {
  try {
    localStorage.setItem(AGREED, "yes");
  } catch {
    // It will be asked again.
  }
}
