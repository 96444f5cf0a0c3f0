// The citation report: keys for its rows, and decisions without leaving the page, so that the player goes on playing.
import { chosenItem, goTo, itemOf, items, neighbour } from "../../listen/items.js";
import { watchListening } from "../../listen/listen.js";
import { gettext } from "../../shared/i18n.js";
import { bindKeys } from "../../shared/keys.js";
import { fillHints, watchKeyHelp } from "../../shared/key_help.js";
import { clock } from "../../reader/cards/citations.js";
import { watchRows } from "./rows.js";
import { arrivedAt, turnPage } from "../steps.js";

const report = document.querySelector(".report");
const PARTS = [".report__head", "[data-rows]"];

const rows = watchRows(report, {
  // Takes over what changed, and goes to the row that has the message; without one, to what is now at the same place.
  onAnswer(answer) {
    const place = items().indexOf(chosenItem());
    for (const selector of PARTS) {
      const [shown, fresh] = [report.querySelector(selector), answer.querySelector(selector)];
      if (shown && fresh) shown.replaceWith(document.adoptNode(fresh));
    }
    fillHints();
    const row = itemOf(report.querySelector("[data-rows] .report__message")) ?? items().at(place) ?? items().at(-1);
    const aboutOthers = answer.querySelector(".messagelist"); // about a row that has left this page of the list
    if (aboutOthers) (row ?? report.querySelector("[data-rows]")).prepend(document.adoptNode(aboutOthers));
    goTo(row);
  },
});

const step = (by) => goTo(neighbour(by)) || turnPage(by);
const isOpen = (row) => row.querySelector(".report__actions") && !row.querySelector(".status--confirmed, .status--looked-at");

watchListening({ onSet: (row, second) => rows.move(row, clock(second)), onSilence: rows.typeTime });
bindKeys({
  next: () => step(1),
  previous: () => step(-1),
  problem: () => goTo(neighbour(1, isOpen)) || turnPage(1) || rows.say(gettext("No more problems on this list.")),
  ...rows.keys,
});
watchKeyHelp();
const arrived = arrivedAt();
if (arrived !== null) goTo(items().at(arrived));
