// The evidence panel: its buttons without a reload, and keyboard control.
import { claimAtCursor, claimOf, stepFrom, visibleClaims } from "./claims.js";
import { checkData, requestCheck, warn } from "./check.js";
import { focusables } from "./parts.js";
import { makeSheet } from "./sheet.js";
import { editorOf, say, undo as undoIn } from "../text/text.js";
import { gettext } from "../../shared/i18n.js";

const IS_MAC = navigator.platform.startsWith("Mac"); // Alt+E starts an accent there

export function watchEvidencePanel(form) {
  const column = form.querySelector("[data-evidence]");
  let arrive = null; // shows a claim of the page that was asked for, before the sheet looks for its own
  form.addEventListener("editor:checked", ({ detail }) => detail.anchor && arrive?.(detail.anchor));
  const sheet = makeSheet(form, column);
  const show = (claim) => {
    claim.closest(".folded-claims")?.setAttribute("open", "");
    const isAlone = sheet.choose(claim);
    focusables(claim)[0]?.focus({ preventScroll: true });
    if (!isAlone) claim.scrollIntoView({ block: "nearest" });
  };
  // Shows a claim from `opener`; one of a field with claims on other pages is looked for by the server. Returns whether there is one.
  const seek = (opener, { field, claim, value }) => {
    const card = field.closest("[data-card]");
    if (column.querySelector(`[data-elsewhere][data-of="${CSS.escape(card.id)}"]`)) {
      turn(value, { opener });
      return true;
    }
    if (!claim) return false;
    sheet.open(opener);
    show(claim);
    return true;
  };
  const step = (claim, by) => {
    const next = stepFrom(column, claim, by);
    const turning = claim?.id && !next?.id && column.querySelector(`[data-turn="${by}"]`);
    if (turning) turn(turning.value, { find: () => visibleClaims(column).at(by > 0 ? 0 : -1) });
    else if (next) show(next);
  };
  let origin = null; // the text area, and the selection in it, that Escape returns to
  let changedField = null; // the text area that was last changed from here
  let isByKey = false;

  // What is typed here isn't part of the article.
  for (const type of ["input", "change"]) column.addEventListener(type, (event) => event.stopPropagation());

  // Runs the action of a button with this value; returns the id of the element to go to.
  const run = async (value) => {
    form.dispatchEvent(new CustomEvent("editor:asking"));
    const data = checkData(form);
    data.set("_evidence", value);
    try {
      const answer = await requestCheck(form, form.dataset.evidenceUrl, data);
      const outcome = answer?.querySelector("[data-outcome]");
      if (!outcome) return "";
      say(form, outcome.textContent);
      if (answer.querySelector("[data-refused]")) showProblem(outcome.textContent);
      else form.dispatchEvent(new CustomEvent("editor:acted", { detail: { value } }));
      return outcome.dataset.anchor;
    } catch {
      showProblem(gettext("Can’t reach the site. Nothing was changed; try again."));
      return "";
    }
  };
  // Opens another page of the panel at the claim that `find` then returns, by default the one that the server names.
  const turn = async (value, { find = (anchor) => document.getElementById(anchor), opener = null } = {}) => {
    if (arrive) return;
    arrive = (anchor) => {
      const claim = find(anchor);
      if (!claim) return;
      if (opener) sheet.open(opener);
      claim.closest("[data-of]")?.scrollIntoView({ block: "start" });
      show(claim);
    };
    await run(value);
    arrive = null;
  };
  const act = async (button) => {
    const anchor = await run(button.value);
    if ("find" in button.dataset) document.getElementById(anchor)?.querySelector("[data-suggestion]")?.focus();
  };
  // The sheet would cover the message.
  const showProblem = (reason) => {
    sheet.close();
    warn(form, reason);
  };

  column.addEventListener("click", (event) => (isByKey = event.detail === 0), true);
  column.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const context = event.target.closest("[data-around]");
    const go = event.target.closest("[data-go]");
    const turning = event.target.closest("[data-turn]");
    const by = event.target.closest("[data-step]");
    if (event.target.closest("[data-sheet-close]")) {
      sheet.close();
    } else if (by) {
      step(column.querySelector("[data-chosen]"), Number(by.dataset.step));
    } else if (button) {
      event.preventDefault();
      act(button);
    } else if (turning) {
      event.preventDefault();
      turn(turning.value);
    } else if (go) {
      event.preventDefault();
      const claim = document.getElementById(go.dataset.go);
      if (claim) show(claim);
      else if (go.value) turn(go.value);
    } else if (context && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      toggleContext(form, context);
    }
  });

  // After a choice by keyboard stay in the panel; after one by mouse, in the text.
  column.addEventListener("editor:written", (event) => {
    changedField = event.detail.field;
    if (isByKey) focusables(event.target.closest("[data-claim]"))[0].focus({ preventScroll: true });
  });

  const undo = () => {
    const claim = document.activeElement.closest("[data-claim]");
    undoIn(changedField);
    if (claim?.isConnected) focusables(claim)[0].focus({ preventScroll: true });
    say(form, gettext("Undone."));
  };

  const goBack = () => {
    const field = origin?.field ?? document.getElementById(document.activeElement.closest("[data-claim]")?.dataset.field);
    if (!field) return;
    field.focus();
    if (origin) field.setSelectionRange(origin.start, origin.end);
  };

  column.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const claim = target.closest("[data-claim]");
    const isField = target.matches("input, textarea, select");
    if (key === "Escape" && !(isField && target.value && target.type === "search")) {
      event.preventDefault();
      if (!sheet.close()) goBack();
    } else if (isField || event.altKey) {
      return;
    } else if ((event.ctrlKey || event.metaKey) && key === "z" && changedField) {
      event.preventDefault();
      undo();
    } else if (event.ctrlKey || event.metaKey) {
      return;
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      step(claim, key === "ArrowDown" ? 1 : -1);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyE" || !event.altKey || event.ctrlKey !== IS_MAC || event.shiftKey || event.metaKey) return;
    const field = editorOf(event.target) ?? event.target.closest?.(".section-card__heading input");
    if (!field || !form.contains(field)) return;
    event.preventDefault();
    origin = { field, start: field.selectionStart, end: field.selectionEnd };
    if (!seek(field, claimAtCursor(column, field))) say(form, gettext("No claims in this text yet."));
  });

  // On a phone a citation in the preview, and the link below the text, open the sheet.
  form.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const opener = event.target.closest("[data-preview] a.citation, [data-beside]");
    if (!opener || !sheet.fits()) return;
    const { beside } = opener.dataset;
    const wanted = beside ? claimAtCursor(column, document.getElementById(beside)) : claimOf(column, opener);
    if (seek(opener, wanted)) event.preventDefault();
  });

  return {
    show,
    step,
    // Shows something of the panel, on a phone in the sheet, whose closing leads back to `opener`.
    open(opener, element) {
      sheet.open(opener);
      show(element);
    },
    // The next page of the panel, at the claim that `find` then returns. Returns whether there is one.
    turnOn(find) {
      const button = column.querySelector('[data-turn="1"]');
      if (button) turn(button.value, { find });
      return Boolean(button);
    },
  };
}

async function toggleContext(form, link) {
  const place = link.closest("p");
  const shown = place.nextElementSibling;
  if (shown?.matches("[data-shown]")) {
    shown.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  const response = await fetch(`${link.href}&part=1`).catch(() => null);
  if (!response?.ok) {
    warn(form, response ? await response.text() : gettext("Can’t reach the site. Try again."));
    return;
  }
  const holder = document.createElement("div");
  holder.dataset.shown = "";
  holder.innerHTML = await response.text();
  place.after(holder);
  const [list, there] = [holder.querySelector(".transcript-context"), holder.querySelector(".transcript-context__current")];
  if (there) list.scrollTop = there.offsetTop - list.offsetTop - 60;
  link.setAttribute("aria-expanded", "true");
}
