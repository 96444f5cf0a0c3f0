// What cards show: of a citation its timestamp, claim, status, transcript excerpt, and actions; of a linked article a preview.
import { fill, gettext } from "../../shared/i18n.js";
import { copyAndNotify } from "../../shared/copy.js";
import { addressOf } from "../links.js";
import { labelOf, openLabelOf, recordingOf, rowOf, textOf } from "./citations.js";

const PAGE = /^\/articles\/[^/]+\/$/;
const cache = new Map();

export function describeCitation(article, citation, { isMarker, isBrief, onPlay }) {
  const row = rowOf(article, citation);
  const { audio, video } = recordingOf(article, citation);
  const canPlay = Boolean(audio || video);
  const moment = labelOf(citation);
  const content = [line("card__moment", moment)];
  const chapter = row?.querySelector(".moments__chapter > [dir]")?.textContent.trim();
  if (chapter) content.push(line("card__chapter", chapter));
  const claim = textOf(row, "claim");
  if (claim) content.push(line("card__claim", claim));
  const status = row?.querySelector(".moments__status");
  if (status) {
    const shown = line("card__status", "");
    shown.append(status.cloneNode(true));
    content.push(shown);
  }
  const quote = textOf(row, "quote");
  if (quote) content.push(line("card__label", gettext("From the transcript:")), line("card__quote", quote, "q"));
  if (isBrief) return content;

  const actions = line("card__actions", "");
  if (canPlay) actions.append(button("card__play", fill(gettext("Play from %(moment)s"), { moment }), onPlay));
  if (isMarker) actions.append(anchor(`#${citation.id}`, gettext("Show in article")));
  actions.append(
    button("card__link", gettext("Link to this claim"), (event) =>
      copyAndNotify(event.currentTarget, addressOf(citation.id), gettext("Link copied.")),
    ),
  );
  const { revision: number } = article.dataset; // none: the page of one text
  if (number) {
    const permanent = addressOf(citation.id).replace("#", `revisions/${number}/#`);
    const copied = fill(gettext("Permanent link to revision %(number)s copied."), { number });
    actions.append(
      button("card__link", gettext("Permanent link"), (event) => copyAndNotify(event.currentTarget, permanent, copied)),
    );
  }
  actions.append(anchor(citation.href, openLabelOf(citation)));
  content.push(actions);
  return content;
}

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

const line = (className, textContent, tag = "span") => make(tag, { className, textContent, dir: "auto" });

const button = (className, textContent, onclick) => make("button", { type: "button", className, textContent, onclick });

const anchor = (href, textContent) => make("a", { href, textContent });

export function isPreviewed(link) {
  if (link instanceof SVGElement || link.origin !== location.origin || link.closest("nav, .head__kicker")) return false;
  return PAGE.test(link.pathname) && link.pathname !== location.pathname;
}

// The content of a linked article's card, fetched once; null if there is nothing to show or the reader moved on.
export async function preview(link, signal) {
  const address = `${link.pathname}preview/`;
  try {
    if (!cache.has(address)) {
      const response = await fetch(address, { signal });
      if (!response.ok) return null;
      cache.set(address, await response.text());
    }
  } catch {
    return null;
  }
  const template = document.createElement("template");
  template.innerHTML = cache.get(address);
  return [...template.content.children];
}
