// What the card says of a citation: the claim, the moment, what is said there, how it was checked, and what to do.
import { fill, gettext } from "../words.js";
import { addressOf, copyAndTell, permanentAddressOf } from "./copy.js";
import { labelOf, recordingOf, rowOf, textOf } from "./moments.js";

export function tellCitation(article, citation, { isPin, isBrief, onPlay }) {
  const row = rowOf(article, citation);
  const { audio, video } = recordingOf(article, citation);
  const canPlay = Boolean(audio || video);
  const moment = labelOf(citation);
  const content = [line("card__moment", moment)];
  const chapter = row?.querySelector(".moments__chapter > [dir]")?.textContent.trim();
  if (chapter) content.push(line("card__chapter", chapter));
  const claim = textOf(row, "claim");
  if (claim) content.push(line("card__claim", claim));
  const state = row?.querySelector(".moments__state");
  if (state) {
    const shown = line("card__state", "");
    shown.append(state.cloneNode(true));
    content.push(shown);
  }
  const said = textOf(row, "said");
  if (said) content.push(line("card__label", gettext("The transcript there:")), line("card__said", said, "q"));
  if (isBrief) return content;

  const acts = line("card__acts", "");
  if (canPlay) acts.append(button("card__play", fill(gettext("Play from %(moment)s"), { moment }), onPlay));
  if (isPin) acts.append(anchor(`#${citation.id}`, gettext("Read it in the text")));
  acts.append(
    button("card__link", gettext("Link to this claim"), (event) =>
      copyAndTell(event.currentTarget, addressOf(citation.id), gettext("The address of this claim is copied.")),
    ),
    button("card__link", gettext("Permanent link"), (event) =>
      copyAndTell(
        event.currentTarget,
        permanentAddressOf(article, citation.id),
        fill(gettext("The address of this claim in revision %(number)s is copied: it always shows this text."), {
          number: article.dataset.revision,
        }),
      ),
    ),
    anchor(citation.href, canPlay ? gettext("Open where it is published") : gettext("Open the recording")),
  );
  content.push(acts);
  return content;
}

function line(name, text, tag = "span") {
  const element = document.createElement(tag);
  element.className = name;
  element.dir = "auto";
  element.textContent = text;
  return element;
}

function button(name, text, onPress) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  element.textContent = text;
  element.addEventListener("click", onPress);
  return element;
}

function anchor(address, text) {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}
