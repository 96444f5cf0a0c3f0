// What can be done with a draft as soon as there is one: opening it as readers would see it, in a tab of its own, with what
// was typed just now; its history; discarding it.

export function watchPagePreview(form, draft) {
  const link = form.querySelector("[data-page-preview]");
  form.addEventListener("editor:saved", ({ detail }) => {
    link.href = link.dataset.pagePreview.replace("/0/", `/${detail.revision}/`);
    link.target = "_blank";
    for (const other of form.querySelectorAll("[data-revision-address]")) {
      other.href = other.dataset.revisionAddress.replace("/0/", `/${detail.revision}/`);
    }
    for (const other of form.querySelectorAll("[data-article-address]")) {
      other.href = other.dataset.articleAddress.replace("/0/", `/${detail.article}/`);
    }
    for (const part of form.querySelectorAll("[data-of-draft]")) part.hidden = false;
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
