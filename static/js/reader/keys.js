// What is pressed for the player: its buttons, and keys on the page.
export function listen(bar, acts, { seek, isPlaying }) {
  bar.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  bar.querySelector("[data-place]").addEventListener("input", ({ target }) => seek(Number(target.value)));

  document.addEventListener("keydown", (event) => {
    if (bar.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    const isInside = bar.contains(target);
    const field = target.closest?.("input, select, textarea, button, a, summary, [contenteditable]");
    if (field?.matches("textarea, select, [contenteditable], input:not([type='checkbox'])")) {
      if (event.key === "Escape" && isInside) acts.close();
      return;
    }
    const isAtIt = isInside || Boolean(target.closest?.("a.citation"));
    // Who reads on while nothing plays scrolls with the same keys.
    if (!isAtIt && !isPlaying()) return;
    const keys = { ArrowRight: acts.later, ArrowLeft: acts.earlier };
    // Letters only for who is at a citation or in the player: spoken commands and slips elsewhere do nothing.
    if (isAtIt) Object.assign(keys, { n: acts.next, p: acts.back });
    if (!field) keys[" "] = acts.toggle;
    if (isInside) keys.Escape = acts.close;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
