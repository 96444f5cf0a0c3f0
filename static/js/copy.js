// A button beside each text that people copy: `data-copy` marks the element whose text it is.
import { gettext } from "./words.js";

const SHOWN = 6000; // milliseconds for which it says what happened

function add(source) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = gettext("Copy");
  const said = document.createElement("span");
  said.className = "copy__said";
  said.setAttribute("role", "status");
  const bar = document.createElement("p");
  bar.className = "copy__bar";
  bar.append(button, said);
  (source.closest("pre, p") ?? source).after(bar);
  let timer;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      said.textContent = gettext("Copied.");
    } catch {
      getSelection().selectAllChildren(source);
      said.textContent = gettext("Your browser does not let the page copy: the text is selected, press Ctrl+C.");
    }
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = ""), SHOWN);
  });
}

for (const source of document.querySelectorAll("[data-copy]")) add(source);
