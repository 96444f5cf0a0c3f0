// What is pressed for the player: its buttons, keys on the page, and the keys and the lock screen of the machine.
export function listen(bar, acts, { seek }) {
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
    const keys = { ArrowRight: acts.later, ArrowLeft: acts.earlier };
    // Letters only for who is at a citation or in the player: spoken commands and slips elsewhere do nothing.
    if (isInside || target.closest?.("a.citation")) Object.assign(keys, { n: acts.next, p: acts.back });
    if (!field) keys[" "] = acts.toggle;
    if (isInside) keys.Escape = acts.close;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (!("mediaSession" in navigator)) return;
  const named = {
    play: acts.toggle,
    pause: acts.toggle,
    previoustrack: acts.back,
    nexttrack: acts.next,
    seekbackward: acts.earlier,
    seekforward: acts.later,
    seekto: ({ seekTime }) => seek(seekTime),
  };
  for (const [name, action] of Object.entries(named)) {
    try {
      navigator.mediaSession.setActionHandler(name, action);
    } catch {
      // This browser does not know the action.
    }
  }
}
