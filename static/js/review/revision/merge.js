// Writing new text for a conflict chooses it.
document.addEventListener("input", ({ target }) => {
  const own = target.closest("[data-own]");
  if (own && target.type !== "radio") own.querySelector("[type=radio]").checked = true;
});
