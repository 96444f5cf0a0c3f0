// Watches an article, or stops, without leaving the page and what is typed there.
import { gettext } from "./words.js";

for (const form of document.querySelectorAll("[data-watch]")) {
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const { isWatched } = await answer.json();
      form.elements.watch.value = isWatched ? "0" : "1";
      button.textContent = isWatched ? gettext("Stop watching") : gettext("Watch this article");
      button.setAttribute("aria-pressed", String(isWatched));
    } catch {
      button.textContent = gettext("That did not work: try again");
    }
    button.disabled = false;
    button.focus();
  });
}
