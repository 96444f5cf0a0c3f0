// The article page with a script: cards at citations, the player, an outline that follows, what changed since.
import { watchCitations } from "./card.js";
import { momentAsked } from "./moments.js";

function followOutline(article) {
  const links = new Map();
  for (const link of article.querySelectorAll(".outline a[href^='#']")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  if (!links.size) return;
  const seen = new Set();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
      // Of those in view the innermost that comes first.
      const here = [...links.keys()].filter((section) => seen.has(section));
      const current = here.find((section) => !here.some((other) => section !== other && section.contains(other)));
      for (const [section, link] of links) {
        if (section === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const section of links.keys()) watcher.observe(section);
}

// Kept in this browser alone; nothing is sent.
function noteRevision(article) {
  const { article: slug, revision } = article.dataset;
  const key = `read:${slug}`;
  try {
    const before = localStorage.getItem(key);
    localStorage.setItem(key, revision);
    if (!before || before === revision) return;
    const note = document.createElement("p");
    note.className = "since-read";
    note.append(`This text has changed since you last read it (revision ${before}). `);
    const link = document.createElement("a");
    link.href = `${location.pathname}revisions/${before}/`;
    link.textContent = "See what changed";
    note.append(link, ".");
    article.querySelector(".head")?.append(note);
  } catch {
    // Storage is switched off: the reader is not told, and nothing else is lost.
  }
}

const article = document.querySelector("[data-article]");

if (article) {
  // The player comes with the first press: who only reads does not load it.
  let player = null;
  const play = async (citation) => {
    player ??= import("./player.js").then(({ openPlayer }) => openPlayer(article));
    (await player).play(citation);
  };
  const cards = watchCitations(article, play);
  followOutline(article);
  noteRevision(article);
  const goToMoment = () => {
    const citation = momentAsked(article);
    if (!citation) return;
    citation.scrollIntoView({ block: "center" });
    cards.show(citation);
  };
  goToMoment();
  addEventListener("hashchange", goToMoment);
}
