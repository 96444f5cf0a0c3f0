// Marks in the preview those citations that the column asks to look at, with its words.

export function watchTints(form) {
  const tint = () => {
    for (const preview of form.querySelectorAll("[data-preview]")) {
      const claims = [...form.querySelectorAll(`[data-claim=cited][data-field="${CSS.escape(preview.dataset.preview)}"]`)];
      for (const citation of preview.querySelectorAll("a.citation")) {
        const at = claims.findIndex((claim) => claim.dataset.start === citation.dataset.start);
        const [claim] = at < 0 ? [] : claims.splice(at, 1);
        const isFlagged = claim?.classList.contains("claim--warn") ?? false;
        citation.classList.toggle("citation--warn", isFlagged);
        if (isFlagged) citation.title = claim.querySelector(".claim__verdict").textContent;
        else citation.removeAttribute("title");
      }
    }
  };
  form.addEventListener("editor:checked", tint);
  form.addEventListener("markdownx.update", tint, true);
  tint();
}
