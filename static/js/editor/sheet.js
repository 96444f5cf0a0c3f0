// What is known of one citation, on a phone: the column beside the text as a sheet over it, with that claim alone.
const NARROW = matchMedia("(width <= 40rem)");
const OPEN = "editor-sheet"; // the mark of its entry in the tab's history: going back closes it

export function makeSheet(form, column) {
  const desk = column.parentElement;
  let opener = null;
  let isGoingBack = false;
  let address = ""; // a draft that was begun meanwhile has given the page its own

  const isOpen = () => Boolean(column.popover) && column.matches(":popover-open");
  // What has both in it, the page itself or its main part, has the focus when nothing has.
  const isFocusElsewhere = () => !column.contains(document.activeElement) && !document.activeElement.contains(column);
  const chosen = () => column.querySelector("[data-chosen]");

  // Show `claim` alone, from its beginning; whether the sheet is open for that.
  const choose = (claim) => {
    chosen()?.removeAttribute("data-chosen");
    if (!isOpen()) return false;
    claim.setAttribute("data-chosen", "");
    column.scrollTop = 0;
    return true;
  };

  // Where the page stands is left alone when the entry is left again: who goes on at a place in the text is there.
  const enter = () => {
    history.scrollRestoration = "manual";
    history.pushState(OPEN, "");
  };

  // Open it from `element`, to which the focus comes back; whether the window is so narrow that there is a sheet.
  const open = (element) => {
    if (!NARROW.matches || !("popover" in column)) return false;
    if (isOpen()) return true;
    opener = element;
    desk.style.paddingBlockEnd = `${column.offsetHeight}px`; // the page stays as long as it was
    column.popover = "auto";
    column.showPopover();
    if (!isGoingBack) enter();
    return true;
  };

  const settle = () => {
    const isElsewhere = isFocusElsewhere();
    column.removeAttribute("popover");
    desk.style.paddingBlockEnd = "";
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
  // Who goes on elsewhere looks at the text again; a piece that is replaced gets its focus back at once.
  column.addEventListener("focusout", () => {
    setTimeout(() => isFocusElsewhere() && close());
  });
  // The claim that was chosen is gone: a sentence has its citation now, or another text.
  form.addEventListener("editor:checked", () => {
    if (!isOpen() || chosen()) return;
    const claim = document.activeElement.closest("[data-claim][id]") ?? column.querySelector("[data-current] [data-claim][id]");
    if (claim) choose(claim);
    else close();
  });
  return { open, choose, close };
}
