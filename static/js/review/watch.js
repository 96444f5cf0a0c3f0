// Starts or stops watching an article without reloading the page, so nothing typed on it is lost.
import { send } from "./send.js";
import { gettext } from "../shared/i18n.js";

async function press(button) {
  button.disabled = true;
  try {
    const response = await send(button.form, button.formAction, button);
    if (!response.ok) throw new Error(response.statusText);
    const { isWatched } = await response.json();
    button.value = isWatched ? "0" : "1";
    button.textContent = isWatched ? gettext("Unwatch") : gettext("Watch");
    button.setAttribute("aria-pressed", String(isWatched));
  } catch {
    button.textContent = gettext("Didn’t work. Try again");
  }
  button.disabled = false;
  button.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-watch]");
  if (!button) return;
  event.preventDefault();
  press(button);
});
