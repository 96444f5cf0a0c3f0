// Highlights in the previews the citations that the evidence panel flags, with its message as their title.
import { warningOf } from "./warning.js";

export function watchHighlights(form) {
  const update = () => {
    for (const preview of form.querySelectorAll("[data-preview]")) {
      const claims = [...form.querySelectorAll(`[data-claim=cited][data-field="${CSS.escape(preview.dataset.preview)}"]`)];
      for (const citation of preview.querySelectorAll("a.citation")) {
        const at = claims.findIndex((claim) => claim.dataset.start === citation.dataset.start);
        const [claim] = at < 0 ? [] : claims.splice(at, 1);
        const warning = claim ? warningOf(claim) : "";
        citation.classList.toggle("citation--warn", Boolean(warning));
        if (warning) citation.title = warning;
        else citation.removeAttribute("title");
      }
    }
  };
  form.addEventListener("editor:checked", update);
  form.addEventListener("markdownx.update", update, true);
  update();
}
