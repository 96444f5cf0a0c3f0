// Suggestions below a search field as you type, following the ARIA combobox pattern. Without this script the search
// is an ordinary form.
import { fill, gettext, ngettext } from "./i18n.js";

const DELAY_MS = 120; // pause in typing before asking the server, in milliseconds

function suggestFor(form) {
  const field = form.querySelector("input[type=search]");
  const list = Object.assign(document.createElement("ul"), { className: "suggestions", id: `${field.id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Suggestions"));
  const status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  status.setAttribute("role", "status");
  field.after(list, status);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ]) field.setAttribute(name, value);

  let chosen = -1;
  let timer = 0;
  let request = null;
  let answeredQuery = ""; // the query that the current list belongs to

  const options = () => [...list.children];

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const open = () => {
    list.hidden = !list.children.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  const choose = (number) => {
    options()[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = options()[chosen];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };

  const show = (suggestions) => {
    choose(-1);
    list.replaceChildren(
      ...suggestions.map(({ title, heading, address }, number) => {
        const option = Object.assign(document.createElement("li"), { className: "suggestion", id: `${list.id}-${number}` });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.address = address;
        const name = Object.assign(document.createElement("span"), { className: "suggestion__title", textContent: heading || title, dir: "auto" });
        option.append(name);
        if (heading) {
          option.append(Object.assign(document.createElement("span"), { className: "suggestion__of", textContent: title, dir: "auto" }));
        }
        return option;
      }),
    );
    open();
    const count = suggestions.length;
    const message = ngettext("%(count)s suggestion. Use the arrow keys to choose.", "%(count)s suggestions. Use the arrow keys to choose.", count);
    status.textContent = count ? fill(message, { count }) : "";
  };

  const ask = async () => {
    const text = field.value.trim();
    request?.abort();
    if (!text) {
      answeredQuery = "";
      show([]);
      return;
    }
    request = new AbortController();
    try {
      const address = `${form.dataset.suggest}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(address, { signal: request.signal });
      if (!response.ok) return;
      const { suggestions } = await response.json();
      if (document.activeElement !== field || field.value.trim() !== text) return;
      answeredQuery = text;
      show(suggestions);
    } catch {
      // Aborted by a newer query, or offline: the form still works.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY_MS);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        if (answeredQuery === field.value.trim() && last >= 0) open();
        else ask();
        event.preventDefault();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = chosen + step;
      choose(next > last ? -1 : next < -1 ? last : next); // moving past either end returns to the text
      event.preventDefault();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.address);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-address]");
    if (option) location.assign(option.dataset.address);
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

for (const form of document.querySelectorAll("[data-search][data-suggest]")) suggestFor(form);
