// Raised and lowered characters of pasted HTML: Markdown has none, and 10 to the power of 5 must not become 105.

const RAISED = { ...digits("⁰¹²³⁴⁵⁶⁷⁸⁹"), "+": "⁺", "-": "⁻", "−": "⁻", "–": "⁻", "=": "⁼", "(": "⁽", ")": "⁾", n: "ⁿ", i: "ⁱ" };
const LOWERED = { ...digits("₀₁₂₃₄₅₆₇₈₉"), "+": "₊", "-": "₋", "−": "₋", "–": "₋", "=": "₌", "(": "₍", ")": "₎" };
// With the character before: ordinals, abbreviated titles, trade marks and footnotes mean the same on the line.
const SAME = /^(?:[\dA-ZÀ-Þ](?:e|es|er|re|ère|ème|o|a)|.?(?:st|nd|rd|th|lle|me|TM|SM|[ªº°*†‡®©]+))$/u;
const NOTE = /[[\]:]/; // a reference or a citation

function digits(all) {
  return Object.fromEntries([...all].map((one, digit) => [String(digit), one]));
}

// Write what is raised or lowered with Unicode's characters for it. Other exponents get a caret; `lose` counts the rest.
export function raiseNumbers(body, css, lose) {
  for (const element of body.querySelectorAll("sup, sub, [data-css*=vertical-align]")) {
    const align = css(element, "vertical-align");
    const isRaised = element.matches("sup") || align === "super";
    const text = element.textContent.trim();
    if (!(isRaised || element.matches("sub") || align === "sub") || !text || NOTE.test(text) || element.querySelector("sup, sub")) continue;
    const signs = isRaised ? RAISED : LOWERED;
    if ([...text].every((sign) => sign in signs)) element.textContent = [...text].map((sign) => signs[sign]).join("");
    else if (isRaised && !SAME.test(lastOf(element.previousSibling) + text)) element.textContent = /^\w$/.test(text) ? `^${text}` : `^(${text})`;
    else if (!isRaised) lose("subscripts");
  }
}

const lastOf = (node) => [...(node?.textContent ?? "")].at(-1) ?? "";
