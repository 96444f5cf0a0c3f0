// The article page with a script: cards and player when they are wanted, an outline that follows, what has changed.
import { fill, gettext } from "../words.js";

const HEARD = "a.citation[data-start], .moments__time[data-start]";
const SHOWN = `${HEARD}, .tape__pin, a[href^="/articles/"]`;

// Loaded when it is first wanted: who only reads does not fetch it. A load that failed is tried again.
function later(load) {
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
    // A long outline scrolls in itself; the page stays where it is.
    if (!link || outline.scrollHeight <= outline.clientHeight) return;
    const [box, frame] = [link.getBoundingClientRect(), outline.getBoundingClientRect()];
    if (box.top < frame.top || box.bottom > frame.bottom) outline.scrollTop += box.top - frame.top - frame.height / 3;
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
      // Of those in view the innermost that comes first; between two of them the one that was read last.
      const here = sections.filter((section) => seen.has(section));
      const innermost = here.find((section) => !here.some((other) => section !== other && section.contains(other)));
      if (innermost) mark(innermost);
      else if (sections[0].getBoundingClientRect().top > innerHeight * 0.3) mark(null);
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const section of sections) watcher.observe(section);
}

// A citation, its pins on the strip and its row in the list are one thing: pointing at one marks the others.
function linkMarks(article) {
  let marked = [];
  const idOf = (target) => {
    const near = target.closest?.("a.citation[id], .tape__pin, .moments > li");
    if (!near || near.matches(".citation")) return near?.id ?? "";
    const link = near.matches(".tape__pin") ? near : near.querySelector(".moments__claim");
    return link?.getAttribute("href").slice(1) ?? "";
  };
  const mark = ({ target }) => {
    const id = idOf(target);
    for (const one of marked) one.classList.remove("is-pointed-at");
    const links = id ? article.querySelectorAll(`a[href="#${CSS.escape(id)}"]:is(.tape__pin, .moments__claim)`) : [];
    marked = [document.getElementById(id), ...[...links].map((link) => link.closest(".moments > li") ?? link)];
    marked = marked.filter((one) => one && !one.contains(target));
    for (const one of marked) one.classList.add("is-pointed-at");
  };
  for (const type of ["pointerover", "focusin"]) article.addEventListener(type, mark);
  for (const type of ["pointerleave", "focusout"]) article.addEventListener(type, () => mark({ target: document }));
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
    const words = gettext("This text has changed since you last read it (revision %(number)s).");
    const link = document.createElement("a");
    link.href = `${location.pathname}revisions/${before}/`;
    link.textContent = gettext("See what has changed");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", gettext("Close this note"));
    close.addEventListener("click", () => note.remove());
    note.append(`${fill(words, { number: before })} `, link, close);
    // At the edge of the window: a note that came into the text would push it down.
    article.querySelector(".head")?.append(note);
  } catch {
    // Storage is switched off: the reader is not told, and nothing else is lost.
  }
}

// Soon to be seen, but not yet: what comes into the page then moves nothing that is read.
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

function keptPlace(article) {
  try {
    return sessionStorage.getItem(`place:${article.dataset.article}`);
  } catch {
    return null;
  }
}

function begin(article) {
  const main = article.closest("main") ?? article;
  const player = later(() => import("./player.js").then(({ openPlayer }) => openPlayer(article)));
  const play = (citation) => player().then((it) => it.play(citation));
  const cards = later(() => import("./cards.js").then(({ watchLinks }) => watchLinks(article, main, play)));
  const copying = later(() => import("./copy.js"));
  const quietly = () => {}; // without the network a link is still a link

  let pressed = "";
  const isTouch = () => pressed === "touch" || pressed === "pen";
  for (const type of ["pointerover", "focusin", "pointerdown"]) {
    main.addEventListener(type, (event) => {
      if (type === "pointerdown") pressed = event.pointerType;
      if (event.target.closest?.(".anchor")) copying().catch(quietly);
      const link = event.target.closest?.(SHOWN);
      if (link && !(link.matches("[href^='/']") && isTouch())) cards().then((they) => they.first(event, link), quietly);
    });
  }
  main.addEventListener("click", (event) => {
    const touched = isTouch();
    pressed = "";
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const anchor = event.target.closest?.(".anchor");
    if (anchor) copying().then(({ copyAnchor }) => copyAnchor(anchor), quietly); // and the address bar shows it, too
    const link = event.target.closest?.(touched ? `${HEARD}, .tape__pin` : HEARD);
    if (!link) return;
    event.preventDefault();
    cards().then((they) => they.press(link, touched)).catch(() => location.assign(link.getAttribute("href")));
  });

  followOutline(article);
  linkMarks(article);
  noteRevision(article);
  whenNear(document.querySelector("[data-copy]"), () => copying().catch(quietly));
  if (keptPlace(article)) player().then((it) => it.resume(), quietly);
  const goToMoment = () => {
    if (!/[?&]t=/.test(location.search) && !location.hash.startsWith("#t=")) return;
    cards().then((they) => they.goToMoment(), quietly);
  };
  goToMoment();
  addEventListener("hashchange", goToMoment);
}

const article = document.querySelector("[data-article]");
if (article) begin(article);
