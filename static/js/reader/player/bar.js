// The player's bar at the bottom of the window: its markup and what it shows.
import { fill, gettext } from "../../shared/i18n.js";
import { clock } from "../cards/citations.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const SKIP = '<path d="M3 3l8 5-8 5zM11.5 3h1.8v10h-1.8z" fill="currentColor"/>';
const skip = (name) => `<svg class="player__skip${name}" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${SKIP}</svg>`;

export function makeBar(ownLabels = {}) {
  const labels = {
    player: gettext("Player"),
    ask: gettext("This recording is on YouTube. Playing it here sends YouTube your IP address and the address of this site."),
    agree: gettext("Play video"),
    remember: gettext("Don’t ask again in this browser"),
    out: gettext("Watch on YouTube"),
    play: gettext("Play"),
    back: gettext("Previous citation (P)"),
    next: gettext("Next citation (N)"),
    speed: gettext("Speed"),
    order: gettext("What to play"),
    one: gettext("This citation"),
    on: gettext("Keep playing"),
    text: gettext("All, in article order"),
    time: gettext("All, in episode order"),
    close: gettext("Close player"),
    place: gettext("Position"),
    forget: gettext("Ask before playing videos"),
    ...ownLabels,
  };
  const html = Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, escape(text)]));
  const bar = document.createElement("section");
  bar.className = "player";
  bar.setAttribute("aria-label", labels.player);
  bar.hidden = true;
  bar.innerHTML = `
    <div class="player__screen" hidden></div>
    <div class="player__consent" role="group" aria-labelledby="player-ask" hidden>
      <p id="player-ask">${html.ask}</p>
      <p class="player__choices"><button type="button" class="player__agree" data-act="agree">${html.agree}</button>
        <label class="player__remember"><input type="checkbox" data-remember> ${html.remember}</label>
        <a data-out rel="noopener">${html.out}</a></p>
    </div>
    <p class="player__failed" data-failed hidden><span data-why></span> <a data-open rel="noopener"></a></p>
    <div class="player__progress" data-progress hidden>
      <svg class="player__map" aria-hidden="true" preserveAspectRatio="none" data-map></svg>
      <input class="player__position" type="range" min="0" step="1" value="0" aria-label="${html.place}" data-place>
    </div>
    <div class="player__row">
      <button type="button" class="player__play" data-act="toggle" aria-label="${html.play}"><span class="player__icon" aria-hidden="true"></span></button>
      <p class="player__now"><span class="player__time"><span data-time></span> <span data-length></span> <span class="player__from" data-from></span> <b data-word></b></span>
        <a class="player__claim" dir="auto" data-claim></a></p>
      <p class="player__actions">
        <button type="button" data-act="back" aria-label="${html.back}">${skip(" player__skip--back")}</button>
        <button type="button" data-act="next" aria-label="${html.next}">${skip("")}</button>
        <label><span class="visually-hidden">${html.speed}</span><select data-speed>${SPEEDS.map(
          (speed) => `<option value="${speed}">${fill("%(speed)s ×", { speed })}</option>`,
        ).join("")}</select></label>
        <label class="player__order"><span class="visually-hidden">${html.order}</span><select data-order><option value="one">${html.one}</option><option value="on">${html.on}</option><option value="text">${html.text}</option><option value="time">${html.time}</option></select></label>
        <button type="button" class="player__forget" data-act="forget" hidden>${html.forget}</button>
      </p>
      <button type="button" class="player__close" data-act="close" aria-label="${html.close}">×</button>
    </div>
    <p class="visually-hidden" role="status" data-status></p>`;
  const find = (name) => bar.querySelector(`[data-${name}]`);

  // Keeps focused elements from being hidden under the bar, whatever its height.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--player-height", `${bar.offsetHeight}px`);
  }).observe(bar);

  return {
    element: bar,
    find,
    open(isOpen) {
      bar.hidden = !isOpen;
      document.documentElement.classList.toggle("has-player", isOpen);
    },
    announce: (text) => (find("status").textContent = text),
    state(state, why = "") {
      const isPlaying = state === "playing" || state === "loading";
      bar.dataset.state = state;
      bar.querySelector(".player__play").setAttribute("aria-label", isPlaying ? gettext("Pause") : gettext("Play"));
      const stateNames = { loading: gettext("Loading"), paused: gettext("Paused"), ended: gettext("Ended") };
      find("word").textContent = stateNames[state] ?? "";
      find("failed").hidden = !why;
      find("why").textContent = why;
    },
    // `seconds` and `length` are on the clock of the source, `shown` is on the article's; `played` is from 0 to 1.
    time({ seconds, shown, length, played }) {
      find("time").textContent = clock(shown);
      find("length").textContent = Number.isFinite(length) ? fill(gettext("of %(length)s"), { length: clock(length) }) : "";
      bar.style.setProperty("--played", String(played));
      find("progress").hidden = !Number.isFinite(length);
      if (!Number.isFinite(length)) return;
      const slider = find("place");
      slider.max = String(Math.floor(length));
      if (!slider.matches(":active")) slider.value = String(Math.floor(seconds));
      bar.style.setProperty("--place", String(Math.min(1, seconds / length)));
      slider.setAttribute("aria-valuetext", fill(gettext("%(now)s of %(length)s"), { now: clock(seconds), length: clock(length) }));
    },
    // Draws a tick for each citation of the recording; `spans` are [start, end] in seconds.
    map(spans, current, length) {
      const map = find("map");
      map.setAttribute("viewBox", `0 0 ${Math.max(1, Math.floor(length))} 1`);
      map.replaceChildren(
        ...spans.map(([start, end], index) => {
          const tick = document.createElementNS("http://www.w3.org/2000/svg", "rect");
          tick.setAttribute("x", start);
          tick.setAttribute("width", Math.max(end - start, length / 300));
          tick.setAttribute("height", "1");
          tick.setAttribute("class", index === current ? "player__tick player__tick--now" : "player__tick");
          return tick;
        }),
      );
    },
  };
}
