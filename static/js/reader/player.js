// One player for the page, small at its bottom edge: an audio file, or a video once the reader has agreed to it.
import { fill, gettext } from "../words.js";
import { makeAlong } from "./along.js";
import { makeBar } from "./bar.js";
import { highlight } from "./highlight.js";
import { listen } from "./keys.js";
import * as kept from "./kept.js";
import { citationsOf, clock, recordingOf, rowOf, startOf, textOf } from "./moments.js";
import * as session from "./session.js";
import { audioVoice, videoVoice } from "./voices.js";

const STEP_SECONDS = 10;
const WITHOUT_END_SECONDS = 30; // how long a moment without an end is played when all are
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export function openPlayer(article) {
  const { article: slug } = article.dataset;
  const bar = makeBar();
  article.append(bar.element);
  const inText = citationsOf(article);
  const inTime = [...inText].sort((one, other) => startOf(one) - startOf(other));
  // Where each is heard: on the clock of what its link plays.
  const heard = new Map(inText.map((citation) => [citation, recordingOf(article, citation)]));
  const addressOf = (citation) => heard.get(citation).audio || heard.get(citation).video;
  const asked = () => bar.find("order").value;
  const order = () => (asked() === "time" ? inTime : inText).filter(addressOf);

  let current = null;
  let voice = null;
  let state = "paused";
  let stopAt = null; // where the citation ends; null: nothing ends it
  let goOn = null; // the second to begin at instead of the citation's own
  const along = makeAlong(inText, { startOf: (one) => heard.get(one).start, addressOf });

  const onState = (next, why = "") => {
    if (next === "paused" && (state === "ended" || state === "failed")) return; // it is why it pauses
    if (next === "ended" && state === "playing" && asked() !== "one" && asked() !== "on") {
      move(1);
      return;
    }
    state = next;
    bar.state(state, why);
    session.state(state);
    if (state !== "playing") keep();
  };

  const onFail = (why) => {
    voice?.stop();
    voice = null;
    onState("failed", why);
    bar.tell(why);
    bar.find("open").focus({ preventScroll: true });
  };

  const keep = () => current && kept.keepPlace(slug, current.id, voice?.now() ?? goOn ?? heard.get(current).start);

  const findStop = () => {
    const { start, end } = heard.get(current);
    const isOne = asked() === "one";
    stopAt = asked() === "on" || (isOne && !Number.isFinite(end)) ? null : Math.min(end, isOne ? end : endOf(start, end));
  };

  const endOf = (start, end) => (Number.isFinite(end) ? end : start + WITHOUT_END_SECONDS);

  const showTime = (seconds) => {
    const { start, end } = heard.get(current);
    const length = voice?.duration() ?? NaN;
    const until = stopAt ?? end;
    const played = Number.isFinite(until) ? Math.max(0, Math.min(1, (seconds - start) / (until - start))) : 0;
    bar.time({ seconds, shown: seconds - start + startOf(current), length, played });
    session.position(seconds, length, Number(bar.find("speed").value));
  };

  const onTime = (seconds) => {
    if (!current || !voice) return;
    showTime(seconds);
    if (Math.floor(seconds) % 5 === 0) keep();
    if (state !== "playing") return;
    if (stopAt !== null && seconds >= stopAt) {
      if (asked() === "text" || asked() === "time") {
        move(1);
        return;
      }
      stopAt = null;
      voice.pause();
      onState("ended");
      bar.tell(gettext("The citation ends here. Play goes on after it."));
      return;
    }
    playAlong(seconds);
  };

  // The sentence whose moment it is.
  const playAlong = (seconds) => {
    const now = along.at(seconds, voice.address);
    if (!now || now === current) highlight(article, current);
    else if (stopAt === null && heard.get(now).start > heard.get(current).start) tell((current = now));
    else highlight(article, now);
  };

  const tell = (citation) => {
    const { start, end, title } = heard.get(citation);
    const claim = textOf(rowOf(article, citation), "claim");
    const link = bar.find("claim");
    link.textContent = claim || gettext("In the text");
    link.href = `#${citation.id}`;
    const values = { start: clock(startOf(citation)), end: clock(startOf(citation) + end - start) };
    bar.find("from").textContent = Number.isFinite(end)
      ? fill(gettext("from %(start)s to %(end)s"), values)
      : fill(gettext("from %(start)s"), values);
    const isVideo = Boolean(heard.get(citation).video);
    for (const name of ["out", "open"]) bar.find(name).href = citation.href;
    bar.find("open").textContent = gettext("Open where it is published");
    bar.element.querySelector(".player__forget").hidden = !isVideo || !kept.hasAgreed();
    highlight(article, citation);
    drawMap();
    session.show(claim, title);
  };

  const drawMap = () => {
    const length = voice?.duration();
    if (!Number.isFinite(length)) return;
    const here = inTime.filter((one) => addressOf(one) === voice.address);
    const spans = here.map((one) => [heard.get(one).start, endOf(heard.get(one).start, heard.get(one).end)]);
    bar.map(spans, here.indexOf(current), length);
  };

  const start = (citation) => {
    const recording = heard.get(citation);
    const address = addressOf(citation);
    const from = goOn ?? recording.start;
    goOn = null;
    state = "loading";
    findStop();
    if (voice?.address !== address) {
      voice?.stop();
      along.forget();
      const open = recording.audio ? audioVoice : videoVoice;
      voice = open(address, bar.element.querySelector(".player__screen"), from, {
        track: recording.track,
        onCues: along.cues,
        onState,
        onFail,
        onTime: (seconds) => {
          if (voice && voice.length !== voice.duration()) drawMap();
          if (voice) voice.length = voice.duration();
          onTime(seconds);
        },
      });
      voice.address = address;
      voice.speed(Number(bar.find("speed").value));
    } else {
      voice.seek(from);
    }
    voice.play();
  };

  const show = (citation) => {
    current = citation;
    bar.open(true);
    tell(citation);
    bar.find("failed").hidden = true;
  };

  const begin = (citation) => {
    const { audio, video } = heard.get(citation);
    const mustAsk = !audio && voice?.address !== video && !kept.hasAgreed();
    bar.element.querySelector(".player__ask").hidden = !mustAsk;
    if (!mustAsk) {
      start(citation);
      return;
    }
    voice?.stop();
    voice = null;
    onState("asking");
    bar.element.querySelector(".player__agree").focus({ preventScroll: true });
  };

  const play = (citation) => {
    if (!addressOf(citation)) return;
    goOn = null;
    show(citation);
    begin(citation);
  };

  const move = (by) => {
    const all = order();
    const next = all[all.indexOf(current) + by];
    if (!next) {
      voice?.pause();
      stopAt = null;
      onState("ended");
      bar.tell(by < 0 ? gettext("This is the first citation.") : gettext("This was the last citation."));
      return;
    }
    play(next);
    next.scrollIntoView({ block: "center", behavior: CALM.matches ? "instant" : "smooth" });
  };

  const close = () => {
    const wasInside = bar.element.contains(document.activeElement);
    voice?.stop();
    voice = null;
    onState("closed");
    highlight(article, null);
    bar.open(false);
    kept.forgetPlace(slug);
    if (wasInside) current?.focus();
  };

  const seek = (seconds) => {
    if (!voice) return;
    const { start: first } = heard.get(current);
    if (stopAt !== null && (seconds >= stopAt || seconds < first)) stopAt = null; // the reader wants to hear more
    voice.seek(Math.max(0, seconds));
  };

  const toggle = () => {
    if (!current) return;
    if (!voice) begin(current);
    else if (controls.isPlaying()) voice.pause();
    else {
      state = "loading";
      voice.play();
    }
  };

  const acts = {
    toggle,
    close,
    back: () => move(-1),
    next: () => move(1),
    later: () => voice && seek(voice.now() + STEP_SECONDS),
    earlier: () => voice && seek(voice.now() - STEP_SECONDS),
    agree: () => {
      if (bar.find("remember").checked) kept.agree();
      bar.element.querySelector(".player__ask").hidden = true;
      start(current);
      bar.element.querySelector(".player__play").focus({ preventScroll: true });
    },
    forget: () => {
      kept.disagree();
      bar.element.querySelector(".player__forget").hidden = true;
      bar.tell(gettext("You are asked before the next video."));
    },
  };
  const controls = { seek, isPlaying: () => state === "playing" || state === "loading" };
  listen(bar.element, acts, controls);
  session.obey(acts, controls);
  bar.find("speed").value = kept.speed();
  bar.find("speed").addEventListener("change", ({ target }) => {
    kept.keepSpeed(target.value);
    voice?.speed(Number(target.value));
  });
  bar.find("order").addEventListener("change", () => {
    if (current && state === "ended" && asked() !== "one" && asked() !== "on") move(1);
    else if (current) findStop();
  });
  addEventListener("pagehide", () => current && !bar.element.hidden && keep());

  return {
    play,
    // Where this tab was: nothing is loaded before play is pressed.
    resume() {
      const place = kept.place(slug);
      const citation = inText.find(({ id }) => id === place?.id);
      if (!citation || !addressOf(citation)) return;
      show(citation);
      goOn = place.seconds;
      showTime(goOn);
      onState("paused");
    },
  };
}
