// Finds claims on the open page of the evidence panel: the next one, that of a citation, that at the cursor.

const isFolded = (claim) => claim.closest(".folded-claims:not([open])");
export const visibleClaims = (column) => [...column.querySelectorAll("[data-claim][id]")].filter((claim) => !isFolded(claim));

// The claim before or after another one, in the order of the panel, skipping collapsed ones.
export function stepFrom(column, claim, by) {
  const isInSheet = claim?.hasAttribute("data-chosen"); // where search results, which have no id, aren't shown
  const isPassed = (one) => isFolded(one) || (isInSheet && !one.id);
  const claims = [...column.querySelectorAll("[data-claim]")].filter((one) => one === claim || !isPassed(one));
  return claims[claim ? claims.indexOf(claim) + by : 0];
}

// Where claims are looked for: a field, the claim on this page of the panel, and the server's action that finds it on any page.

// The claim of a citation in a preview.
export function claimOf(column, citation) {
  const field = document.getElementById(citation.closest("[data-preview]").dataset.preview);
  const { start } = citation.dataset;
  const same = (one) => one.dataset.start === start;
  const place = [...citation.closest("[data-preview]").querySelectorAll("a.citation")].filter(same).indexOf(citation);
  const claims = [...column.querySelectorAll(`[data-claim=cited][data-field="${CSS.escape(field.id)}"]`)].filter(same);
  return { field, claim: claims[place] ?? claims[0], value: `citation:${field.id}:${start}:${place}` };
}

// The working note number `number` of the section that `field` is the text of.
export function noteOf(column, field, number) {
  const group = column.querySelector(`[data-of="${CSS.escape(field.closest("[data-card]").id)}"]`);
  return group?.querySelector(`[data-note][data-suggestion="${number}"]`)?.closest("[data-claim]");
}

// The claim at the cursor of `field`: a sentence without a citation, or the next mark after the cursor. In a text without
// claims it is the first of its working notes.
export function claimAtCursor(column, field) {
  const cursor = [...field.value.slice(0, field.selectionStart)].length;
  const claims = [...column.querySelectorAll(`[data-claim][data-field="${CSS.escape(field.id)}"]`)];
  const start = (claim) => Number(claim.dataset.offset);
  const end = (claim) => start(claim) + Number(claim.dataset.length);
  const around = claims.find((claim) => claim.dataset.claim === "uncited" && start(claim) <= cursor && cursor <= end(claim));
  const claim = around ?? claims.find((claim) => claim.dataset.claim === "cited" && end(claim) >= cursor) ?? claims.at(-1);
  return { field, claim: claim ?? noteOf(column, field, 1), value: `cursor:${field.id}:${cursor}`, isAt: Boolean(claim) && start(claim) <= cursor && cursor <= end(claim) };
}
