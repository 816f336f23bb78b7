// Runs axe on the page as it stands and fails with a list that a person can act on.
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Evaluated from outside, so that a strict content policy does not stand in the way.
export async function axeClean(page) {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  if (passes.length === 0) throw new Error(`axe found nothing to check on ${page.url()}`);
  if (violations.length > 0) throw new Error(`${page.url()} is not accessible:\n${list(violations)}`);
}

function list(violations) {
  return violations
    .map(({ id, help, nodes }) => {
      const places = nodes.map(({ target, html }) => `    ${target.join(" ")}  ${html.slice(0, 120)}`);
      return `  ${id}: ${help}\n${places.join("\n")}`;
    })
    .join("\n");
}
