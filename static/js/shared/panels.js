// Pop-up panels (`<details data-panel>`): Escape closes the panel that has the focus and moves the focus back to its summary.
for (const panel of document.querySelectorAll("details[data-panel]")) {
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open || event.isComposing) return;
    event.stopPropagation();
    panel.open = false;
    panel.querySelector("summary").focus();
  });
}
