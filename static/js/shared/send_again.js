// A form that came back because the session had ended is sent with the token of the log-in that has followed in another tab.
import { token } from "./token.js";

document.addEventListener("submit", ({ target }) => {
  if (target.elements.csrfmiddlewaretoken) target.elements.csrfmiddlewaretoken.value = token(target);
});
