// One problem after the other: deciding about one shows the next without leaving the page, so that the player stays open.
import { goTo, items } from "../../listen/items.js";
import { watchListening } from "../../listen/listen.js";
import { clock } from "../../reader/cards/citations.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys } from "../../shared/keys.js";
import { fillHints, watchKeyHelp } from "../../shared/key_help.js";
import { watchRows } from "./rows.js";

const page = document.querySelector(".problem-page");

function show(answer, url) {
  page.querySelector("[data-rows]").replaceWith(document.adoptNode(answer.querySelector("[data-rows]")));
  history.replaceState(history.state, "", url);
  fillHints();
  if (!goTo(items()[0])) page.querySelector("[data-rows] a")?.focus();
  page.querySelector("[data-rows]").scrollIntoView({ block: "start" });
}

const rows = watchRows(page, { onAnswer: show });

async function skip(link) {
  try {
    const response = await fetch(link.href);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!answer.querySelector("[data-rows]")) throw new Error(response.statusText);
    show(answer, response.url);
  } catch {
    rows.say(gettext("Can’t reach the site. Try again."));
  }
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[rel=next]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  skip(link);
});

const press = (selector) => () => {
  const control = page.querySelector(selector);
  control?.click();
  return Boolean(control);
};

watchListening({ onSet: (row, second) => rows.move(row, clock(second)), onSilence: rows.typeTime });
bindKeys({ problem: press("a[rel=next]"), next: press("a[rel=next]"), ...rows.keys });
watchKeyHelp();
goTo(items()[0]);
