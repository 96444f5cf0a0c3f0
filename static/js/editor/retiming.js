// Says in the button how many of the listed changes are ticked.
import { fill } from "../shared/i18n.js";

const form = document.querySelector("form.retimings");
const button = form.querySelector("[data-many]");

function count() {
  const ticked = form.querySelectorAll("[name=change]:checked").length;
  button.textContent = fill(ticked === 1 ? button.dataset.one : button.dataset.many, { count: ticked });
}

form.addEventListener("change", count);
addEventListener("pageshow", count);
count();
