// The dialog that asks for the alt text and the credit of an image that is about to be inserted.
import { token } from "../../shared/token.js";

const DECORATIVE = "decorative"; // as in articles/core/markdown: readers who can't see the image miss nothing

// Ask for the description of `image`; returns {alt, credit}, or null if it isn't to be inserted. Without an alt text, the checks
// flag the image.
export function describe({ url, alt, credit }) {
  const dialog = document.querySelector("[data-describe-image]");
  const find = (name) => dialog.querySelector(`[data-image-${name}]`);
  const [text, decorative, by] = ["alt", "decorative", "credit"].map(find);
  const follow = () => (text.disabled = decorative.checked);
  find("shown").replaceChildren(Object.assign(new Image(), { src: url, alt: "" }));
  decorative.checked = alt === DECORATIVE;
  text.value = decorative.checked ? "" : alt;
  by.value = credit;
  follow();
  decorative.onchange = follow;
  dialog.returnValue = "";
  dialog.showModal();
  text.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const said = decorative.checked ? DECORATIVE : line(text.value);
      const alts = { insert: said, undescribed: "" };
      resolve(dialog.returnValue in alts ? { alt: alts[dialog.returnValue], credit: line(by.value) } : null);
    }, { once: true });
  });
}

// Put what was said into the library, for the next text, where it has nothing yet.
export function keepDescription(form, image, said) {
  const data = new FormData();
  const names = ["alt", "credit"];
  for (const name of names) data.append(name, image[name] || said[name]);
  if ([...data.values()].join("\n") === [image.alt, image.credit].join("\n")) return;
  for (const name of names) data.append(`initial-${name}`, image[name]); // what somebody else said meanwhile stays
  const headers = { Accept: "application/json", "X-CSRFToken": token(form) };
  fetch(image.describeUrl, { method: "POST", body: data, headers }).catch(() => null); // the text has it in any case
}

const line = (text) => text.trim().replace(/\s+/g, " ");
