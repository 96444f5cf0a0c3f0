// Suggestions below a search field while somebody types: a combobox with a list, as ARIA's pattern has it.
// Without this script the field is a form like any other.
import { fill, gettext, ngettext } from "./words.js";

const WAIT = 120; // ms without a key before the site is asked

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
  let asking = null;
  let asked = ""; // what the list answers

  const options = () => [...list.children];

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
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
    const said = ngettext("%(count)s suggestion; arrow keys choose.", "%(count)s suggestions; arrow keys choose.", count);
    status.textContent = count ? fill(said, { count }) : "";
  };

  const ask = async () => {
    const text = field.value.trim();
    asking?.abort();
    if (!text) {
      asked = "";
      show([]);
      return;
    }
    asking = new AbortController();
    try {
      const address = `${form.dataset.suggest}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (document.activeElement !== field || field.value.trim() !== text) return;
      asked = text;
      show(suggestions);
    } catch {
      // Given up for a newer question, or no network: the form still works.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        if (asked === field.value.trim() && last >= 0) open();
        else ask();
        event.preventDefault();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = chosen + step;
      choose(next > last ? -1 : next < -1 ? last : next); // past either end one is back in the text
      event.preventDefault();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.address);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-address]");
    if (option) location.assign(option.dataset.address);
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

for (const form of document.querySelectorAll("[data-search][data-suggest]")) suggestFor(form);
