// The player of the page, at its bottom edge: plays an audio file, or a video once the reader has consented.
import { fill, gettext } from "../../shared/i18n.js";
import { makeFollower } from "./follow.js";
import { makeBar } from "./bar.js";
import { highlight } from "../cards/highlight.js";
import { listen } from "./keys.js";
import * as storage from "./storage.js";
import { citationsOf, clock, openLabelOf, recordingOf, rowOf, startOf, textOf } from "../cards/citations.js";
import * as mediaSession from "./media_session.js";
import { audioSource, videoSource } from "./sources.js";

const STEP_SECONDS = 10;
const WITHOUT_END_SECONDS = 30; // how long a citation without an end is played when playing all
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

export function openPlayer(article) {
  const { article: slug } = article.dataset;
  const bar = makeBar();
  article.append(bar.element);
  const inText = citationsOf(article);
  const inTime = [...inText].sort((one, other) => startOf(one) - startOf(other));
  // What each citation plays, with times on the clock of that file.
  const recordings = new Map(inText.map((citation) => [citation, recordingOf(article, citation)]));
  const addressOf = (citation) => recordings.get(citation).audio || recordings.get(citation).video;
  const order = () => bar.find("order").value;
  const queue = () => (order() === "time" ? inTime : inText).filter(addressOf);

  let current = null;
  let source = null;
  let state = "paused";
  let stopAt = null; // where the citation ends; null if playback isn't limited
  let resumeAt = null; // the second to resume at instead of the citation's start
  const follower = makeFollower(inText, { startOf: (citation) => recordings.get(citation).start, addressOf });

  const onState = (next, why = "") => {
    if (next === "paused" && (state === "ended" || state === "failed")) return; // the pause is a consequence
    if (next === "ended" && state === "playing" && order() !== "one" && order() !== "on") {
      move(1);
      return;
    }
    state = next;
    bar.state(state, why);
    mediaSession.state(state);
    if (state !== "playing") savePosition();
  };

  const onFail = (why) => {
    source?.stop();
    source = null;
    onState("failed", why);
    bar.announce(why);
    bar.find("open").focus({ preventScroll: true });
  };

  const savePosition = () => current && storage.savePosition(slug, current.id, source?.now() ?? resumeAt ?? recordings.get(current).start);

  const updateStop = () => {
    const { start, end } = recordings.get(current);
    const isOne = order() === "one";
    stopAt = order() === "on" || (isOne && !Number.isFinite(end)) ? null : Math.min(end, isOne ? end : endOf(start, end));
  };

  const endOf = (start, end) => (Number.isFinite(end) ? end : start + WITHOUT_END_SECONDS);

  const showTime = (seconds) => {
    const { start, end } = recordings.get(current);
    const length = source?.duration() ?? NaN;
    const until = stopAt ?? end;
    const played = Number.isFinite(until) ? Math.max(0, Math.min(1, (seconds - start) / (until - start))) : 0;
    bar.time({ seconds, shown: seconds - start + startOf(current), length, played });
    mediaSession.position(seconds, length, Number(bar.find("speed").value));
  };

  const onTime = (seconds) => {
    if (!current || !source) return;
    showTime(seconds);
    if (Math.floor(seconds) % 5 === 0) savePosition();
    if (state !== "playing") return;
    if (stopAt !== null && seconds >= stopAt) {
      if (order() === "text" || order() === "time") {
        move(1);
        return;
      }
      stopAt = null;
      source.pause();
      onState("ended");
      bar.announce(gettext("End of the citation. Press Play to continue."));
      return;
    }
    followText(seconds);
  };

  // Highlight the sentence that is playing.
  const followText = (seconds) => {
    const now = follower.citationAt(seconds, source.address);
    if (!now || now === current) highlight(article, current);
    else if (stopAt === null && recordings.get(now).start > recordings.get(current).start) describe((current = now));
    else highlight(article, now);
  };

  const describe = (citation) => {
    const { start, end, title } = recordings.get(citation);
    const claim = textOf(rowOf(article, citation), "claim");
    const link = bar.find("claim");
    link.textContent = claim || gettext("In the article");
    link.href = `#${citation.id}`;
    const values = { start: clock(startOf(citation)), end: clock(startOf(citation) + end - start) };
    bar.find("from").textContent = Number.isFinite(end)
      ? fill(gettext("from %(start)s to %(end)s"), values)
      : fill(gettext("from %(start)s"), values);
    const isVideo = Boolean(recordings.get(citation).video);
    for (const name of ["out", "open"]) bar.find(name).href = citation.href;
    bar.find("open").textContent = openLabelOf(citation);
    bar.element.querySelector(".player__forget").hidden = !isVideo || !storage.hasConsent();
    highlight(article, citation);
    drawMap();
    mediaSession.show(claim, title);
  };

  const drawMap = () => {
    const length = source?.duration();
    if (!Number.isFinite(length)) return;
    const here = inTime.filter((citation) => addressOf(citation) === source.address);
    const spans = here.map((citation) => recordings.get(citation)).map(({ start, end }) => [start, endOf(start, end)]);
    bar.map(spans, here.indexOf(current), length);
  };

  const start = (citation) => {
    const recording = recordings.get(citation);
    const address = addressOf(citation);
    const from = resumeAt ?? recording.start;
    resumeAt = null;
    state = "loading";
    updateStop();
    if (source?.address !== address) {
      source?.stop();
      follower.reset();
      const open = recording.audio ? audioSource : videoSource;
      source = open(address, bar.element.querySelector(".player__screen"), from, {
        track: recording.track,
        onCues: follower.onCues,
        onState,
        onFail,
        onTime: (seconds) => {
          if (source && source.length !== source.duration()) drawMap();
          if (source) source.length = source.duration();
          onTime(seconds);
        },
      });
      source.address = address;
      source.speed(Number(bar.find("speed").value));
    } else {
      source.seek(from);
    }
    source.play();
  };

  const show = (citation) => {
    current = citation;
    bar.open(true);
    describe(citation);
    bar.find("failed").hidden = true;
  };

  const startOrAsk = (citation) => {
    const { audio, video } = recordings.get(citation);
    const mustAsk = !audio && source?.address !== video && !storage.hasConsent();
    bar.element.querySelector(".player__consent").hidden = !mustAsk;
    if (!mustAsk) {
      start(citation);
      return;
    }
    source?.stop();
    source = null;
    onState("asking");
    bar.element.querySelector(".player__agree").focus({ preventScroll: true });
  };

  const play = (citation) => {
    if (!addressOf(citation)) return;
    resumeAt = null;
    show(citation);
    startOrAsk(citation);
  };

  const move = (by) => {
    const all = queue();
    const next = all[all.indexOf(current) + by];
    if (!next) {
      source?.pause();
      stopAt = null;
      onState("ended");
      bar.announce(by < 0 ? gettext("This is the first citation.") : gettext("This was the last citation."));
      return;
    }
    play(next);
    next.scrollIntoView({ block: "center", behavior: REDUCED_MOTION.matches ? "instant" : "smooth" });
  };

  const close = () => {
    const wasInside = bar.element.contains(document.activeElement);
    source?.stop();
    source = null;
    onState("closed");
    highlight(article, null);
    bar.open(false);
    storage.clearPosition(slug);
    if (wasInside) current?.focus();
  };

  const seek = (seconds) => {
    if (!source) return;
    const { start: first } = recordings.get(current);
    if (stopAt !== null && (seconds >= stopAt || seconds < first)) stopAt = null; // seeking outside the citation lifts the limit
    source.seek(Math.max(0, seconds));
  };

  const toggle = () => {
    if (!current) return;
    if (!source) startOrAsk(current);
    else if (controls.isPlaying()) source.pause();
    else {
      state = "loading";
      source.play();
    }
  };

  const actions = {
    toggle,
    close,
    back: () => move(-1),
    next: () => move(1),
    later: () => source && seek(source.now() + STEP_SECONDS),
    earlier: () => source && seek(source.now() - STEP_SECONDS),
    agree: () => {
      if (bar.find("remember").checked) storage.giveConsent();
      bar.element.querySelector(".player__consent").hidden = true;
      start(current);
      bar.element.querySelector(".player__play").focus({ preventScroll: true });
    },
    forget: () => {
      storage.withdrawConsent();
      bar.element.querySelector(".player__forget").hidden = true;
      bar.announce(gettext("You will be asked before the next video."));
    },
  };
  const controls = { seek, isPlaying: () => state === "playing" || state === "loading" };
  listen(bar.element, actions, controls);
  mediaSession.bindActions(actions, controls);
  bar.find("speed").value = storage.speed();
  bar.find("speed").addEventListener("change", ({ target }) => {
    storage.saveSpeed(target.value);
    source?.speed(Number(target.value));
  });
  bar.find("order").addEventListener("change", () => {
    if (current && state === "ended" && order() !== "one" && order() !== "on") move(1);
    else if (current) updateStop();
  });
  addEventListener("pagehide", () => current && !bar.element.hidden && savePosition());

  return {
    play,
    // Return to this tab's position. Nothing is loaded before play is pressed.
    resume() {
      const saved = storage.position(slug);
      const citation = inText.find(({ id }) => id === saved?.id);
      if (!citation || !addressOf(citation)) return;
      show(citation);
      resumeAt = saved.seconds;
      showTime(resumeAt);
      onState("paused");
    },
  };
}
