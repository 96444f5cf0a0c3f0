// The dialog in which an image is chosen: a file to upload, or one of the library.
import { gettext } from "../../shared/i18n.js";

const WAIT_MS = 250; // after the last key

// Open the dialog. Returns {file}, {image: {url, alt, credit, describeUrl}}, or {} if it was closed.
export function choose(form) {
  const dialog = document.querySelector("[data-choose-image]");
  const words = dialog.querySelector("[type=search]");
  const input = dialog.querySelector("[type=file]");
  const list = dialog.querySelector("[data-choices]");
  let newest = 0;
  let waiting = 0;

  const show = async (page = 1) => {
    const number = (newest += 1);
    const address = `${form.dataset.imagesUrl}?${new URLSearchParams({ q: words.value, page })}`;
    const response = await fetch(address).catch(() => null);
    const text = response ? await response.text().catch(() => "") : "";
    if (number !== newest) return; // what was typed since has been asked for
    if (response?.ok) list.innerHTML = text;
    else list.textContent = (response && text) || gettext("The images couldn’t be loaded. Try again.");
  };

  const listeners = new AbortController();
  const { signal } = listeners;
  return new Promise((resolve) => {
    const close = (chosen) => {
      resolve(chosen);
      dialog.close();
    };
    dialog.addEventListener("close", () => (clearTimeout(waiting), listeners.abort(), resolve({})), { once: true });
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (file) close({ file });
      input.value = "";
    }, { signal });
    words.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, WAIT_MS);
    }, { signal });
    dialog.querySelector("[data-search]").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      show();
    }, { signal });
    dialog.addEventListener("click", ({ target }) => {
      const page = target.closest("[data-choices-page]");
      if (page) show(page.dataset.choicesPage);
      const chosen = target.closest("[data-choice]")?.dataset;
      if (chosen) close({ image: { url: chosen.choice, alt: chosen.alt, credit: chosen.credit, describeUrl: chosen.describeUrl } });
    }, { signal });
    words.value = "";
    list.replaceChildren();
    dialog.showModal();
    show();
  });
}
