// Opens the draft as readers would see it, in a tab of its own, with what was typed just now.

export function watchPagePreview(form, draft) {
  const link = form.querySelector("[data-page-preview]");
  form.addEventListener("editor:saved", ({ detail }) => {
    link.href = link.dataset.pagePreview.replace("/0/", `/${detail.revision}/`);
    link.target = "_blank";
    link.parentElement.hidden = false;
  });
  link.addEventListener("click", async (event) => {
    if (!draft.isUnsaved || draft.stopped) return;
    event.preventDefault();
    const tab = open("about:blank"); // at once: a browser lets only a click open one
    await draft.save();
    if (tab) tab.location = link.href;
    else location.assign(link.href);
  });
}
