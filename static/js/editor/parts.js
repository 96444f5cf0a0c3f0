// Puts what the server says of the form beside the text, and leaves alone what has not changed: what is open stays
// open, what is typed stays typed, and the focus stays where it is.

const sent = new WeakMap(); // what the server sent for a piece that stands on the page
const KEPT_STATE = ["data-more", "data-dismiss"];

// What a piece says; under which state the server knows it is no part of that.
const said = (piece) => piece.outerHTML.replace(/ data-known="[^"]*"/, "");

// Remember the pieces as the page came with them.
export function rememberParts(form) {
  for (const piece of form.querySelectorAll("[data-keyed]")) sent.set(piece, said(piece));
}

// Replace the parts of `form` that have come in `fresh`, a document.
export function fillParts(form, fresh) {
  const focused = focusIn(form);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const shown = form.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!shown || shown.innerHTML === part.innerHTML) continue;
    if (part.querySelector(":scope > [data-keyed]")) reconcile(shown, part);
    else shown.replaceChildren(...part.childNodes);
  }
  restoreFocus(form, focused);
}

// Put the pieces of `fresh` into `shown` in their order; a piece that says the same stays.
function reconcile(shown, fresh) {
  const before = new Map([...shown.children].map((piece) => [piece.dataset.keyed, piece]));
  let place = null;
  for (const piece of [...fresh.children]) {
    const html = said(piece);
    let kept = before.get(piece.dataset.keyed);
    before.delete(piece.dataset.keyed);
    if ("unchanged" in piece.dataset) {
      if (!kept) continue;
    } else if (!kept || sent.get(kept) !== html) {
      const node = document.importNode(piece, true);
      if (kept) {
        keepState(kept, node);
        kept.replaceWith(node);
      }
      sent.set(node, html);
      kept = node;
    } else if (piece.dataset.known) {
      kept.dataset.known = piece.dataset.known;
    }
    const expected = place ? place.nextElementSibling : shown.firstElementChild;
    if (kept !== expected) {
      if (place) place.after(kept);
      else shown.prepend(kept);
    }
    place = kept;
  }
  for (const gone of before.values()) gone.remove();
}

// What somebody opened, closed or began to type in the old piece.
function keepState(old, fresh) {
  fresh.toggleAttribute("data-current", old.hasAttribute("data-current"));
  for (const claim of old.querySelectorAll("[data-chosen]")) counterpart(fresh, claim)?.setAttribute("data-chosen", "");
  for (const state of KEPT_STATE) {
    for (const details of old.querySelectorAll(`[${state}]`)) {
      const claim = details.closest("[data-claim]");
      if (claim && !claim.id) continue;
      const scope = claim ? counterpart(fresh, claim) : fresh;
      const same = scope && [...scope.querySelectorAll(`[${state}]`)].find((one) => claim || !one.closest("[data-claim]"));
      const isFlagged = (one) => one?.classList.contains("claim--warn");
      if (same && (!claim || isFlagged(claim) === isFlagged(scope))) same.open = details.open;
    }
  }
  for (const field of old.querySelectorAll("input[type=text]")) {
    const claim = field.closest("[data-claim]");
    const same = field.value && (claim ? counterpart(fresh, claim)?.querySelector("input[type=text]") : fresh.querySelector(`#${CSS.escape(field.id)}`));
    if (same) same.value = field.value;
  }
}

// The same claim among new elements: what it says is the same, or, where that was changed, its place.
function counterpart(scope, claim) {
  return scope.querySelector(`[data-same="${CSS.escape(claim.dataset.same)}"]`) ?? scope.querySelector(`#${CSS.escape(claim.id)}`);
}

// Where the focus is, in a way that finds it again among new elements.
function focusIn(form) {
  const element = document.activeElement;
  const part = element?.closest?.("[data-part]");
  if (!part || !form.contains(part)) return null;
  const claim = element.closest("[data-claim]");
  const all = focusables(claim ?? part);
  return { element, part: part.dataset.part, claim: claim?.id && claim, group: element.closest("[data-keyed]")?.dataset.keyed, index: all.indexOf(element), of: element.value };
}

function restoreFocus(form, was) {
  if (!was || was.element.isConnected) return;
  const part = form.querySelector(`[data-part="${CSS.escape(was.part)}"]`);
  const claim = was.claim && (counterpart(part, was.claim) ?? next(part, was.claim.dataset));
  const scope = claim || (was.group && part.querySelector(`[data-keyed="${CSS.escape(was.group)}"]`)) || part;
  const all = focusables(scope);
  const same = was.of && all.find((one) => one.value === was.of);
  (same || (claim ? all[0] : all[was.index]) || all.at(-1))?.focus({ preventScroll: true });
}

// A claim that is gone (its sentence was given a citation, its flag was dismissed) is followed by the next one there.
function next(part, { field, offset }) {
  const claims = [...part.querySelectorAll(`[data-claim][data-field="${CSS.escape(field)}"]`)];
  return claims.find((claim) => Number(claim.dataset.offset) >= Number(offset)) ?? claims.at(-1);
}

export const focusables = (scope) => [...scope.querySelectorAll("a[href], button, summary, input:not([type=hidden])")].filter((one) => one.checkVisibility());
