// Entry point of pages with a whole text: the outline follows the reader, a note reports changes since the last visit, and
// cards, player and copying are loaded when they are first needed.
import { fill, gettext } from "../shared/i18n.js";

const PLAYABLE = "a.citation[data-start], .moments__time[data-start]";
const HAS_CARD = `${PLAYABLE}, .timeline__marker, a[href^="/articles/"]`;

// Loads a module on first use, so that readers who only read don't fetch it. A failed load is retried.
function lazy(load) {
  let loaded = null;
  return () =>
    (loaded ??= load().catch((error) => {
      loaded = null;
      throw error;
    }));
}

function followOutline(article) {
  const outline = article.querySelector(".outline");
  const links = new Map();
  for (const link of outline?.querySelectorAll("a[href^='#']") ?? []) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  if (!links.size) return;
  const sections = [...links.keys()];
  const seen = new Set();
  let current = null;
  const mark = (section) => {
    if (section === current) return;
    links.get(current)?.removeAttribute("aria-current");
    current = section;
    const link = links.get(section);
    link?.setAttribute("aria-current", "true");
    // Scroll a long outline within itself, not the page.
    if (!link || outline.scrollHeight <= outline.clientHeight) return;
    const [box, frame] = [link.getBoundingClientRect(), outline.getBoundingClientRect()];
    if (box.top < frame.top || box.bottom > frame.bottom) outline.scrollTop += box.top - frame.top - frame.height / 3;
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
      // The first innermost section in view; between two sections, the one read last.
      const here = sections.filter((section) => seen.has(section));
      const innermost = here.find((section) => !here.some((other) => section !== other && section.contains(other)));
      if (innermost) mark(innermost);
      else if (sections[0].getBoundingClientRect().top > innerHeight * 0.3) mark(null);
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const section of sections) watcher.observe(section);
}

// A citation, its markers on the timeline and its row in the list belong together: pointing at one highlights the others.
function linkHighlights(article) {
  let highlighted = [];
  const idOf = (target) => {
    const element = target.closest?.("a.citation[id], .timeline__marker, .moments > li");
    if (!element || element.matches(".citation")) return element?.id ?? "";
    const link = element.matches(".timeline__marker") ? element : element.querySelector(".moments__claim");
    return link?.getAttribute("href").slice(1) ?? "";
  };
  const mark = ({ target }) => {
    const id = idOf(target);
    for (const element of highlighted) element.classList.remove("is-highlighted");
    const links = id ? article.querySelectorAll(`a[href="#${CSS.escape(id)}"]:is(.timeline__marker, .moments__claim)`) : [];
    highlighted = [document.getElementById(id), ...[...links].map((link) => link.closest(".moments > li") ?? link)];
    highlighted = highlighted.filter((element) => element && !element.contains(target));
    for (const element of highlighted) element.classList.add("is-highlighted");
  };
  for (const type of ["pointerover", "focusin"]) article.addEventListener(type, mark);
  for (const type of ["pointerleave", "focusout"]) article.addEventListener(type, () => mark({ target: document }));
}

// Remembers, in this browser only, which revision was read, and shows a notice if the text has changed since.
function noteRevision(article) {
  const { article: slug, revision } = article.dataset;
  const key = `read:${slug}`;
  try {
    const before = localStorage.getItem(key);
    localStorage.setItem(key, revision);
    if (!before || before === revision) return;
    const note = document.createElement("p");
    note.className = "since-read";
    const message = gettext("This article has changed since you last read it (revision %(number)s).");
    const link = document.createElement("a");
    link.href = `${location.pathname}revisions/${before}/`;
    link.textContent = gettext("View changes");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", gettext("Close this notice"));
    close.addEventListener("click", () => note.remove());
    note.append(`${fill(message, { number: before })} `, link, close);
    // At the edge of the window, because a note within the text would push it down.
    article.querySelector(".head")?.append(note);
  } catch {
    // Storage is switched off: only the note is lost.
  }
}

// Runs `action` shortly before `element` comes into view, so that what it adds moves nothing that is being read.
function whenNear(element, action) {
  if (!element) return;
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watcher.disconnect();
      action();
    },
    { rootMargin: "0px 0px 400px" },
  );
  watcher.observe(element);
}

function savedPosition(article) {
  try {
    return sessionStorage.getItem(`place:${article.dataset.article}`);
  } catch {
    return null;
  }
}

function start(article) {
  const main = article.closest("main") ?? article;
  const player = lazy(() => import("./player/player.js").then(({ openPlayer }) => openPlayer(article)));
  const play = (citation) => player().then((loaded) => loaded.play(citation));
  const cards = lazy(() => import("./cards/cards.js").then(({ watchLinks }) => watchLinks(article, play)));
  const copying = lazy(() => import("./links.js"));
  const ignore = () => {}; // offline, a link is still a link

  let pressed = "";
  const isTouch = () => pressed === "touch" || pressed === "pen";
  for (const type of ["pointerover", "focusin", "pointerdown"]) {
    main.addEventListener(type, (event) => {
      if (type === "pointerdown") pressed = event.pointerType;
      if (event.target.closest?.(".anchor")) copying().catch(ignore);
      const link = event.target.closest?.(HAS_CARD);
      if (link && !(link.matches("[href^='/']") && isTouch())) cards().then((loaded) => loaded.handleFirst(event, link), ignore);
    });
  }
  main.addEventListener("click", (event) => {
    const touched = isTouch();
    pressed = "";
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const anchor = event.target.closest?.(".anchor");
    if (anchor) copying().then(({ copyAnchor }) => copyAnchor(anchor), ignore); // the address bar shows it too
    const link = event.target.closest?.(touched ? `${PLAYABLE}, .timeline__marker` : PLAYABLE);
    if (!link) return;
    event.preventDefault();
    cards().then((loaded) => loaded.press(link, touched)).catch(() => location.assign(link.getAttribute("href")));
  });

  followOutline(article);
  linkHighlights(article);
  if (article.dataset.revision) noteRevision(article);
  whenNear(document.querySelector("[data-copy]"), () => copying().catch(ignore));
  if (savedPosition(article)) player().then((loaded) => loaded.resume(), ignore);
  const showRequested = () => {
    if (/[?&#]t=/.test(location.search + location.hash)) cards().then((loaded) => loaded.showRequested(), ignore);
  };
  showRequested();
  addEventListener("hashchange", showRequested);
}

const article = document.querySelector("[data-article]");
if (article) start(article);
