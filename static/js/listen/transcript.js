// The transcript in the player: the cues around what is playing, following it, with the words of the claim marked.
import { clock } from "../reader/cards/citations.js";
import { gettext } from "../shared/i18n.js";

const MARGIN_SECONDS = 8; // when playback comes this close to the end of what was fetched, the next part is
const RETRY_MS = 10_000;
const WORD = /[\p{L}\p{N}]{4,}/gu; // as in articles/admin/evidence/suggestions.py: short words say nothing,
const ALIKE = 5; // and words that begin alike are alike

const stem = (word) => word.toLowerCase().slice(0, ALIKE);

const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

// The words of `text` as nodes, those of the claim marked except for `common` ones.
function marked(text, stems, common) {
  const nodes = [];
  let at = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!stems.has(stem(word)) || common.has(word.toLowerCase())) continue;
    nodes.push(text.slice(at, index), make("mark", { textContent: word }));
    at = index + word.length;
  }
  return [...nodes, text.slice(at)];
}

// `address` answers with the cues around a second of a recording; `onPick` gets the second of a cue that was chosen.
export function makeTranscript(address, onPick) {
  const list = make("ol", { className: "player__said", hidden: true, tabIndex: 0 });
  list.setAttribute("aria-label", gettext("Transcript"));
  let shown = null; // {key, from, to, cues}
  let stems = new Set();
  let current = null;
  let isLoading = false;
  let retryAt = 0;

  const keyOf = ({ audio, video }) => (video ? `video=${encodeURIComponent(video)}` : `audio=${encodeURIComponent(audio)}`);

  const draw = () => {
    current = null;
    list.hidden = !shown?.cues.length;
    const common = new Set(shown?.common);
    list.replaceChildren(
      ...(shown?.cues ?? []).map(({ start, speaker, text }) => {
        const line = make("li");
        const button = make("button", { type: "button", textContent: clock(start) });
        button.addEventListener("click", () => onPick(start));
        const words = make("span", { dir: "auto" });
        if (speaker) words.append(make("b", { textContent: `${speaker}:` }), " ");
        words.append(...marked(text, stems, common));
        line.append(button, " ", words);
        return line;
      }),
    );
  };

  const load = async (recording, seconds) => {
    if (isLoading || performance.now() < retryAt) return;
    isLoading = true;
    const key = keyOf(recording);
    try {
      const response = await fetch(`${address}?${key}&at=${Math.max(0, Math.floor(seconds))}`);
      if (!response.ok) throw new Error(response.statusText);
      shown = { key, ...(await response.json()) };
    } catch {
      retryAt = performance.now() + RETRY_MS; // without it only the text beside the player is missing
      shown = null;
    } finally {
      isLoading = false;
    }
    draw();
    mark(seconds);
  };

  const mark = (seconds) => {
    const index = shown?.cues.findLastIndex(({ start }) => start <= seconds + 0.05) ?? -1;
    const line = list.children[index] ?? null;
    if (line === current) return;
    current?.removeAttribute("aria-current");
    current = line;
    if (!line) return;
    line.setAttribute("aria-current", "true");
    list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 3;
  };

  return {
    element: list,
    about: (claim) => {
      stems = new Set([...claim.matchAll(WORD)].map(([word]) => stem(word)));
      draw();
    },
    follow: (recording, seconds) => {
      const isHere = shown?.key === keyOf(recording) && seconds >= shown.from && seconds < shown.to - (shown.isLast ? 0 : MARGIN_SECONDS);
      if (isHere) mark(seconds);
      else load(recording, seconds);
    },
  };
}
