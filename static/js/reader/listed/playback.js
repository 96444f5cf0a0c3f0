// Plays listed timestamps in the player at the window's edge, one after the other if the reader asks for the next.
import { gettext } from "../../shared/i18n.js";
import { makeBar } from "../player/bar.js";
import { listen } from "../player/keys.js";
import * as mediaSession from "../player/media_session.js";
import { openSession } from "../transcript/session.js";
import { momentAt } from "./moment.js";

const STEP_SECONDS = 10;
const CLAIMS = ".moments__claim, .cited__claim a, .result__sentence";
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

// `times` selects the links of the page that are timestamps. Those of citations are in items of lists, those of chapters not.
export function openPlayback(times) {
  const bar = makeBar();
  bar.find("order").closest("label").remove();
  document.querySelector("main").append(bar.element);
  let current = null;

  const listed = () => [...document.querySelectorAll(times)].filter((link) => link === current || (link.closest("li") && momentAt(link)));

  const mark = (link) => {
    for (const [one, isPlaying] of [[current, false], [link, true]]) {
      one?.classList.toggle("citation--playing", isPlaying);
      if (isPlaying) one?.setAttribute("aria-current", "true");
      else one?.removeAttribute("aria-current");
    }
    current = link;
  };

  const describe = (link) => {
    const row = link.closest("li");
    const claim = bar.find("claim");
    claim.textContent = (row?.querySelector(CLAIMS) ?? link.parentElement).textContent.trim().slice(0, 200);
    if (row?.id) claim.href = `#${row.id}`;
    else claim.removeAttribute("href");
    for (const name of ["out", "open"]) bar.find(name).href = link.href;
    bar.find("open").textContent = momentAt(link).video ? gettext("Open on YouTube") : gettext("Open the recording");
    mediaSession.show(claim.textContent, "");
  };

  const session = openSession(bar, {
    onTime: () => {},
    onFail: () => bar.find("open").focus({ preventScroll: true }),
  });

  const play = (link) => {
    mark(link);
    describe(link);
    const moment = momentAt(link);
    session.play(moment, moment.start);
  };

  const move = (by) => {
    const all = listed();
    const next = all[all.indexOf(current) + by];
    if (!next) {
      bar.announce(by < 0 ? gettext("This is the first citation.") : gettext("This was the last citation."));
      return;
    }
    play(next);
    next.scrollIntoView({ block: "center", behavior: REDUCED_MOTION.matches ? "instant" : "smooth" });
  };

  const actions = {
    toggle: session.toggle,
    close() {
      const wasInside = bar.element.contains(document.activeElement);
      const last = current;
      session.close();
      mark(null);
      if (wasInside) last.focus({ preventScroll: true });
    },
    back: () => move(-1),
    next: () => move(1),
    later: () => session.step(STEP_SECONDS),
    earlier: () => session.step(-STEP_SECONDS),
    agree() {
      session.agree();
      bar.element.querySelector(".player__play").focus({ preventScroll: true });
    },
    forget: session.forget,
  };
  listen(bar.element, actions, session);
  mediaSession.bindActions(actions, session);
  return { play };
}
