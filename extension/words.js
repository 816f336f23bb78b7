// Watched words, by the rules that the school signed. The same question as crates/rules/src/watched_words.rs.

export function oneForm(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’ʼ`]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

// The rules that a text meets, the gravest first.
export function metBy(text, rules) {
  const padded = ` ${oneForm(text)} `;
  const met = rules.filter((rule) => isMet(rule, padded));
  return met.sort((one, other) => rank(one) - rank(other));
}

function isMet(rule, text) {
  const stands = (phrase) =>
    phrase.endsWith("*") ? text.includes(` ${phrase.slice(0, -1)}`) : text.includes(` ${phrase} `);
  if (!rule.any.some(stands)) return false;
  if (rule.with.length > 0 && !rule.with.some(stands)) return false;
  return !rule.unless.some(stands);
}

function rank(rule) {
  return rule.severity === "urgent" ? 0 : 1;
}
