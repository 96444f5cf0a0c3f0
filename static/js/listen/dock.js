// The docked player of the pages for editors and moderators: plays a citation where it is listed, repeats its passage, and
// shows the transcript beside it.
import { makeBar } from "../reader/player/bar.js";
import * as mediaSession from "../reader/player/media_session.js";
import { openSession } from "../reader/transcript/session.js";
import { clock } from "../reader/cards/citations.js";
import { fill, gettext } from "../shared/i18n.js";
import { LEAD_SECONDS } from "./items.js";
import { notePlaying } from "./played.js";
import { makeTranscript } from "./transcript.js";

const STEP_SECONDS = 2;
const WINDOW_SECONDS = 30; // how much of a point's passage is repeated, as on the article's page

function makeButton(text, act, title = "") {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, title });
  button.dataset.act = act;
  return button;
}

// The bar with what listening to claims needs: steps of two seconds, the loop, and setting the time.
function makeDockBar() {
  const bar = makeBar();
  bar.element.classList.add("player--docked");
  bar.find("order").closest("label").remove();
  const [back, next] = ["back", "next"].map((act) => bar.element.querySelector(`[data-act=${act}]`));
  const loop = makeButton(gettext("Loop"), "loop", gettext("Repeat the claim’s passage (L)"));
  loop.setAttribute("aria-pressed", "false");
  back.replaceWith(makeButton(gettext("−2 s"), "back", gettext("Back 2 seconds ([ or ,)")));
  next.replaceWith(makeButton(gettext("+2 s"), "forward", gettext("Forward 2 seconds (] or .)")), loop);
  const set = makeButton("", "set", gettext("Move the citation to the time that is playing (T)"));
  set.hidden = true;
  bar.element.querySelector(".player__actions").append(set);
  return { ...bar, loop, set };
}

// Shown in place of a video that can't be played.
function placeholder(why) {
  const box = Object.assign(document.createElement("div"), { className: "player__placeholder" });
  const text = Object.assign(document.createElement("p"), { textContent: why });
  box.append(text, makeButton(gettext("Try again"), "again"));
  return box;
}

// `address` answers with cues; `onSet`, if the page can move citations, is called to move one.
export function openDock(address, { onSet = null } = {}) {
  const bar = makeDockBar();
  document.querySelector("main, #content").append(bar.element);
  let playing = null; // {moment, claim, item, link}
  let returnTo = null; // what had the focus before the question about videos

  const windowOf = ({ start, end }) => [Math.max(0, start - LEAD_SECONDS), end ?? start + WINDOW_SECONDS];
  const isLooping = () => bar.loop.getAttribute("aria-pressed") === "true";

  const session = openSession(bar, {
    onTime: (seconds) => {
      if (session.state() === "playing") notePlaying(playing.moment, seconds);
      const [from, to] = windowOf(playing.moment);
      if (isLooping() && session.isPlaying() && seconds >= to && seconds < to + 5) {
        session.seek(from);
        return;
      }
      transcript.follow(playing.moment, seconds);
      offer(seconds);
    },
    onFail: (why) => {
      if (!playing.moment.video) return;
      const screen = bar.element.querySelector(".player__screen");
      screen.replaceChildren(placeholder(why));
      screen.hidden = false;
    },
  });
  const transcript = makeTranscript(address, (second) => session.play(playing.moment, second));
  bar.element.querySelector(".player__screen").after(transcript.element);

  const offer = (seconds) => (bar.set.textContent = fill(gettext("Set to %(moment)s"), { moment: clock(seconds) }));

  const describe = () => {
    const { moment, claim, item, link } = playing;
    const shown = bar.find("claim");
    shown.textContent = claim || link.textContent.trim();
    if (item?.id) shown.href = `#${item.id}`;
    else shown.removeAttribute("href");
    for (const name of ["out", "open"]) bar.find(name).href = link.href;
    bar.find("open").textContent = moment.video ? gettext("Open on YouTube") : gettext("Open the recording");
    bar.set.hidden = !onSet;
    offer(moment.start);
    mediaSession.show(shown.textContent, "");
    transcript.about(claim);
    for (const other of document.querySelectorAll(".citation--playing")) other.classList.remove("citation--playing");
    link.classList.add("citation--playing");
  };

  const dock = {
    session,
    playing: () => (bar.element.hidden ? null : playing),
    // Plays `next`: {moment, claim, item, link}, from its start or `lead` seconds before it.
    play(next, lead = 0) {
      playing = next;
      returnTo = document.activeElement;
      session.play(next.moment, next.moment.start - lead);
      describe();
      transcript.follow(next.moment, next.moment.start);
    },
    back: () => session.step(-STEP_SECONDS),
    forward: () => session.step(STEP_SECONDS),
    loop() {
      const isOn = !isLooping();
      bar.loop.setAttribute("aria-pressed", String(isOn));
      bar.announce(isOn ? gettext("The claim’s passage is repeated.") : gettext("No longer repeated."));
    },
    second: () => Math.floor(session.now() ?? playing.moment.start),
    set: () => onSet(),
    announce: bar.announce,
    again: () => session.play(playing.moment, session.now() ?? playing.moment.start),
    toggle: session.toggle,
    agree() {
      session.agree();
      if (returnTo?.isConnected) returnTo.focus({ preventScroll: true });
    },
    forget: session.forget,
    close() {
      const wasInside = bar.element.contains(document.activeElement);
      session.close();
      playing.link.classList.remove("citation--playing");
      if (wasInside && returnTo?.isConnected) returnTo.focus({ preventScroll: true });
    },
  };
  bar.element.addEventListener("click", (event) => dock[event.target.closest("[data-act]")?.dataset.act]?.());
  bar.element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    dock.close();
  });
  bar.find("place").addEventListener("input", ({ target }) => session.seek(Number(target.value)));
  mediaSession.bindActions({ ...dock, next: dock.forward, earlier: dock.back, later: dock.forward }, session);
  return dock;
}
