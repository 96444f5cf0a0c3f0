// Panels that open over the page: Escape closes the one it is pressed in, with the focus back on what opened it.
for (const panel of document.querySelectorAll("details[data-panel]")) {
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open || event.isComposing) return;
    event.stopPropagation();
    panel.open = false;
    panel.querySelector("summary").focus();
  });
}
