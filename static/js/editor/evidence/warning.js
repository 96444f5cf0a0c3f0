// What the text says at a citation about its claim in the panel: that it is part of an issue of all citations, or its own
// flag; "" if neither.
export function warningOf(claim) {
  const note = claim.querySelector("[data-explained]") ?? (claim.matches(".claim--warn") && claim.querySelector(".claim__status"));
  return note ? note.textContent.trim() : "";
}
