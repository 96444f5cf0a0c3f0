// Entry point of a transcript's page: a click on words or a time plays them, and an address may name any second.
// Reading needs neither, so the rest is loaded when it is used.
const transcript = document.querySelector("[data-transcript]");
let text = null;
let playback = null;

const openText = () => (text ??= import("./text.js").then((module) => module.openText(transcript)));

// Resolves to what playback.js returns; a page that adds controls of its own uses it, too.
export const openPlayback = () =>
  (playback ??= Promise.all([openText(), import("./playback.js")]).then(([opened, module]) => module.openPlayback(transcript, opened)));

const showRequested = async () => (await openText()).showRequested();

function onClick(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest(".passage__time");
  const cue = link ? link.closest(".passage").querySelector(".cue") : event.target.closest(".cue");
  if (!cue || (!link && !getSelection().isCollapsed)) return; // selecting words isn't a click on them
  event.preventDefault();
  openPlayback().then(
    ({ play }) => play(Number(cue.dataset.timeStart)),
    () => {
      playback = text = null; // the scripts couldn't be loaded: try again at the next click
      location.assign(cue.closest(".passage").querySelector(".passage__time").href);
    },
  );
}

if (transcript) {
  addEventListener("hashchange", showRequested);
  if (/^#t[=-]/.test(location.hash)) showRequested();
  if (transcript.dataset.audio || transcript.dataset.video) transcript.addEventListener("click", onClick);
}
