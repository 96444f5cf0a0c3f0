// Translations for the scripts: Django's JavaScript catalogue if the page loads one, otherwise the English text itself.
const catalogue = globalThis.django;

export const gettext = catalogue?.gettext ?? ((text) => text);
export const ngettext = catalogue?.ngettext ?? ((one, many, count) => (count === 1 ? one : many));

// Replaces named placeholders such as %(count)s in `text` by `values`, numbers as the page's language writes them.
export function fill(text, values) {
  const { lang } = document.documentElement;
  return text.replace(/%\((\w+)\)s/g, (placeholder, name) => (name in values ? values[name].toLocaleString(lang) : placeholder));
}
