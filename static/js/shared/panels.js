// Pop-up panels (`<details data-panel>`): Escape closes the panel that has the focus and moves the focus back to its summary.
document.addEventListener("keydown", (event) => {
  const panel = event.key === "Escape" && !event.isComposing && event.target.closest("details[data-panel][open]");
  if (!panel) return;
  event.stopPropagation();
  panel.open = false;
  panel.querySelector("summary").focus();
});
