// Highlights in the previews the citations that the evidence panel flags, with its message as their title.

export function watchHighlights(form) {
  const update = () => {
    for (const preview of form.querySelectorAll("[data-preview]")) {
      const claims = [...form.querySelectorAll(`[data-claim=cited][data-field="${CSS.escape(preview.dataset.preview)}"]`)];
      for (const citation of preview.querySelectorAll("a.citation")) {
        const at = claims.findIndex((claim) => claim.dataset.start === citation.dataset.start);
        const [claim] = at < 0 ? [] : claims.splice(at, 1);
        const isFlagged = claim?.classList.contains("claim--warn") ?? false;
        citation.classList.toggle("citation--warn", isFlagged);
        if (isFlagged) citation.title = claim.querySelector(".claim__status").textContent;
        else citation.removeAttribute("title");
      }
    }
  };
  form.addEventListener("editor:checked", update);
  form.addEventListener("markdownx.update", update, true);
  update();
}
