// Takes a page of the desk as the server sends it and puts it in the place of the one that is shown, with its scripts and
// styles. What is beside the content stays, such as the player.
import { turnTo } from "./visit.js";

const DESK = "[data-review], .own-work"; // a review; the start page, with the queue
const STYLES = "link[rel=stylesheet]";
const SCRIPTS = "script[type=module][src]";

// Returns {response, answer, isDesk}: the parsed document, and whether it can take the place of the one that is shown.
export async function fetchPage(address, options) {
  const response = await fetch(address, options);
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of answer.querySelectorAll("noscript")) part.remove();
  return { response, answer, isDesk: answer.querySelector(DESK) !== null };
}

function loadStyle(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, media: "not all" });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

// Loads what the page needs. Rejects if something can't be loaded.
async function prepare(answer) {
  const known = new Set([...document.querySelectorAll(STYLES)].map(({ href }) => href));
  const styles = [...answer.querySelectorAll(STYLES)].map(({ href }) => href).filter((href) => !known.has(href));
  await Promise.all(styles.map(loadStyle));
  for (const { src } of answer.querySelectorAll(SCRIPTS)) await import(src);
}

// Switched by `media`, because the browser would fetch what was `disabled` again.
function useStyles(answer) {
  const wanted = new Set([...answer.querySelectorAll(STYLES)].map(({ href }) => href));
  for (const link of document.querySelectorAll(STYLES)) link.media = wanted.has(link.href) ? "" : "not all";
}

function replaceParts(answer) {
  const trail = "#container > nav";
  const told = "main > .messagelist";
  for (const old of document.querySelectorAll(`${trail}, ${told}, main > dialog`)) old.remove();
  for (const selector of ["header.bar", "#content"]) document.querySelector(selector).replaceWith(answer.querySelector(selector));
  document.getElementById("main").before(...answer.querySelectorAll(trail));
  document.getElementById("content").before(...answer.querySelectorAll(told));
}

// Shows `answer` once all that it needs is there; `arrive` is called in between, before scripts are bound to it. `reason` is
// AGAIN if it is the page that is shown already, which stays scrolled.
export async function showPage(answer, { reason, arrive }) {
  await prepare(answer);
  turnTo(() => {
    arrive();
    useStyles(answer);
    document.title = answer.title;
    document.body.className = answer.body.className;
    replaceParts(answer);
    if (!reason) scrollTo(0, 0);
  }, reason);
}
