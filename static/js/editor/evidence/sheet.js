// On a phone the evidence panel opens as a sheet over the text, showing a single claim.
const NARROW = matchMedia("(width <= 40rem)");
const OPEN = "editor-sheet"; // marks the sheet's entry in the tab's history: going back closes it

export function makeSheet(form, column) {
  const columns = column.parentElement;
  let opener = null;
  let isGoingBack = false;
  let address = ""; // the page's address when the sheet closed: starting a draft may have changed it

  const fits = () => NARROW.matches && "popover" in column;
  const isOpen = () => Boolean(column.popover) && column.matches(":popover-open");
  // When nothing has the focus, an ancestor of the panel such as the body does.
  const isFocusElsewhere = () => !column.contains(document.activeElement) && !document.activeElement.contains(column);
  const chosen = () => column.querySelector("[data-chosen]");

  // Show only `claim`, scrolled to its top. Returns whether the sheet is open.
  const choose = (claim) => {
    chosen()?.removeAttribute("data-chosen");
    if (!isOpen()) return false;
    claim.setAttribute("data-chosen", "");
    column.scrollTop = 0;
    return true;
  };

  // Don't restore the scroll position on the way back: the user may have moved on to another place in the text.
  const enter = () => {
    history.scrollRestoration = "manual";
    history.pushState(OPEN, "");
  };

  // Open the sheet from `element`, which gets the focus back on closing. Returns whether the window is narrow enough for one.
  const open = (element) => {
    if (!fits()) return false;
    if (isOpen()) return true;
    opener = element;
    columns.style.paddingBlockEnd = `${column.offsetHeight}px`; // keep the height of the page
    column.popover = "auto";
    column.showPopover();
    if (!isGoingBack) enter();
    return true;
  };

  const settle = () => {
    const isElsewhere = isFocusElsewhere();
    column.removeAttribute("popover");
    columns.style.paddingBlockEnd = "";
    chosen()?.removeAttribute("data-chosen");
    if (!isElsewhere && opener?.isConnected) opener.focus({ preventScroll: true });
    if (history.state !== OPEN) return;
    isGoingBack = true;
    address = location.href;
    history.back();
  };

  const close = () => {
    if (!isOpen()) return false;
    column.hidePopover();
    return true;
  };

  column.addEventListener("beforetoggle", ({ target, newState }) => {
    if (target === column && newState === "closed") queueMicrotask(settle);
  });
  addEventListener("popstate", () => {
    if (!isGoingBack) {
      close();
      return;
    }
    isGoingBack = false;
    history.replaceState(history.state, "", address);
    if (isOpen()) enter();
    else history.scrollRestoration = "auto";
  });
  NARROW.addEventListener("change", close);
  // Close when the focus moves elsewhere, but wait a moment: a piece that is replaced gets its focus back at once.
  column.addEventListener("focusout", () => {
    setTimeout(() => isFocusElsewhere() && close());
  });
  // The chosen claim may be gone: its sentence now has a citation, or was rewritten.
  form.addEventListener("editor:checked", () => {
    if (!isOpen() || chosen()) return;
    const claim = document.activeElement.closest("[data-claim][id]") ?? column.querySelector("[data-current] [data-claim][id]");
    if (claim) choose(claim);
    else close();
  });
  return { fits, open, choose, close };
}
