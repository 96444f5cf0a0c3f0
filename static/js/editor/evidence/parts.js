// Updates the parts of the page that the server has rendered again, and leaves alone what hasn't changed: open
// details stay open, typed text stays, and the focus stays where it is.

const sent = new WeakMap(); // the HTML that the server sent for each piece on the page
const PRESERVED_STATE = ["data-more", "data-dismiss"];

// The HTML of a piece without the server's own version mark.
const contentOf = (piece) => piece.outerHTML.replace(/ data-known="[^"]*"/, "");

// Remember the pieces that the page was loaded with.
export function rememberParts(form) {
  for (const piece of form.querySelectorAll("[data-keyed]")) sent.set(piece, contentOf(piece));
}

// Replace the parts of `form` that are in the document `fresh`.
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

// Bring the pieces in `shown` in line with `fresh`, in its order; unchanged pieces keep their elements.
function reconcile(shown, fresh) {
  const before = new Map([...shown.children].map((piece) => [piece.dataset.keyed, piece]));
  let previous = null;
  for (const piece of [...fresh.children]) {
    const html = contentOf(piece);
    let current = before.get(piece.dataset.keyed);
    before.delete(piece.dataset.keyed);
    if ("unchanged" in piece.dataset) {
      if (!current) continue;
    } else if (!current || sent.get(current) !== html) {
      const node = document.importNode(piece, true);
      if (current) {
        keepState(current, node);
        current.replaceWith(node);
      }
      sent.set(node, html);
      current = node;
    } else if (piece.dataset.known) {
      current.dataset.known = piece.dataset.known;
    }
    const expected = previous ? previous.nextElementSibling : shown.firstElementChild;
    if (current !== expected) {
      if (previous) previous.after(current);
      else shown.prepend(current);
    }
    previous = current;
  }
  for (const gone of before.values()) gone.remove();
}

// Carry over what the user opened, closed or began to type in the old piece.
function keepState(old, fresh) {
  fresh.toggleAttribute("data-current", old.hasAttribute("data-current"));
  for (const claim of old.querySelectorAll("[data-chosen]")) counterpart(fresh, claim)?.setAttribute("data-chosen", "");
  for (const state of PRESERVED_STATE) {
    for (const details of old.querySelectorAll(`[${state}]`)) {
      const claim = details.closest("[data-claim]");
      if (claim && !claim.id) continue;
      const scope = claim ? counterpart(fresh, claim) : fresh;
      const same = scope && [...scope.querySelectorAll(`[${state}]`)].find((one) => claim || !one.closest("[data-claim]"));
      const isFlagged = (one) => one?.classList.contains("claim--warn");
      if (same && (!claim || isFlagged(claim) === isFlagged(scope))) same.open = details.open;
    }
  }
  for (const field of old.querySelectorAll("input[type=text], textarea")) {
    const claim = field.closest("[data-claim]");
    const same = field.value && (claim ? counterpart(fresh, claim)?.querySelector("input[type=text], textarea") : fresh.querySelector(`#${CSS.escape(field.id)}`));
    if (same) same.value = field.value;
  }
}

// The same claim among new elements: the one with the same text or, if the text was changed, at the same place.
function counterpart(scope, claim) {
  return scope.querySelector(`[data-same="${CSS.escape(claim.dataset.same)}"]`) ?? scope.querySelector(`#${CSS.escape(claim.id)}`);
}

// Where the focus is, described so that it can be found again among new elements.
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
  const claim = was.claim && (counterpart(part, was.claim) ?? nextClaim(part, was.claim.dataset));
  const scope = claim || (was.group && part.querySelector(`[data-keyed="${CSS.escape(was.group)}"]`)) || part;
  const all = focusables(scope);
  const same = was.of && all.find((one) => one.value === was.of);
  (same || (claim ? all[0] : all[was.index]) || all.at(-1))?.focus({ preventScroll: true });
}

// After a claim that is gone (its sentence now has a citation, or its flag was dismissed), the next one in its text.
function nextClaim(part, { field, offset }) {
  const claims = [...part.querySelectorAll(`[data-claim][data-field="${CSS.escape(field)}"]`)];
  return claims.find((claim) => Number(claim.dataset.offset) >= Number(offset)) ?? claims.at(-1);
}

export const focusables = (scope) => [...scope.querySelectorAll("a[href], button, summary, input:not([type=hidden])")].filter((one) => one.checkVisibility());
