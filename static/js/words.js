// The words of the scripts in the site's language: Django's catalogue where the page brought one, else English.
const catalogue = globalThis.django;

export const gettext = catalogue?.gettext ?? ((text) => text);
export const ngettext = catalogue?.ngettext ?? ((one, many, count) => (count === 1 ? one : many));

// The values by name in a text with places such as %(count)s.
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (place, name) => (name in values ? String(values[name]) : place));
}
