// Controls of the player: its buttons, and keyboard shortcuts on the page.
export function listen(bar, actions, { seek, isPlaying }) {
  bar.addEventListener("click", (event) => actions[event.target.closest("[data-act]")?.dataset.act]?.());
  bar.querySelector("[data-place]").addEventListener("input", ({ target }) => seek(Number(target.value)));

  document.addEventListener("keydown", (event) => {
    if (bar.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    const isInside = bar.contains(target);
    const field = target.closest?.("input, select, textarea, button, a, summary, [contenteditable]");
    if (field?.matches("textarea, select, [contenteditable], input:not([type='checkbox'])")) {
      if (event.key === "Escape" && isInside) actions.close();
      return;
    }
    const isAtPlayer = isInside || Boolean(target.closest?.("a.citation"));
    // While nothing is playing, the same keys scroll the page.
    if (!isAtPlayer && !isPlaying()) return;
    const keys = { ArrowRight: actions.later, ArrowLeft: actions.earlier };
    // Letters only work at a citation or in the player, so that voice commands and slips elsewhere do nothing.
    if (isAtPlayer) Object.assign(keys, { n: actions.next, p: actions.back });
    if (!field) keys[" "] = actions.toggle;
    if (isInside) keys.Escape = actions.close;
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
