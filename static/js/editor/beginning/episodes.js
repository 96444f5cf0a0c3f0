// Suggests episodes while the user types a name.

const QUIET_MS = 200;

export function watchEpisodes(form) {
  const list = document.getElementById("episodes");
  let timer = null;

  const suggest = async (text) => {
    const address = new URL(form.dataset.episodesUrl, location.href);
    address.searchParams.set("q", text);
    const response = await fetch(address).catch(() => null);
    if (!response?.ok) return;
    const { episodes } = await response.json();
    list.replaceChildren(...episodes.map((label) => new Option(label, label)));
  };

  const onInput = (event) => {
    if (event.target.getAttribute?.("list") !== list.id) return;
    const { value } = event.target;
    if ([...list.options].some((option) => option.value === value)) return; // a suggestion was chosen
    clearTimeout(timer);
    timer = setTimeout(() => suggest(event.type === "focusin" ? "" : value), QUIET_MS);
  };
  form.addEventListener("input", onInput);
  form.addEventListener("focusin", onInput);
}
