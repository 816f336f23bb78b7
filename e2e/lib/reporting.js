// Reporting a concern on a telephone, from Today to the confirmation.
import assert from "node:assert/strict";
import { axeClean } from "./accessibility.js";
import { fitsAcross } from "./browser.js";
import { thumb } from "./thumb.js";

// A minute on a telephone is about this many touches and short answers.
export const MOST_ACTS = 8;

// `about` is a name or a post, for a concern about somebody in particular. Gives the reference.
export async function report(page, { words, atRisk, about }) {
  const hand = thumb(page);
  const go = (path) => page.waitForURL(path);
  await page.goto("/");
  await hand.tap(page.getByRole("button", { name: "Report a concern" }));
  await go("**/reports/new");
  await fit(page);
  await hand.type(page.getByLabel("What happened?"), words);
  await hand.tap(page.getByRole("group", { name: "Is a child at risk now?" }).getByLabel(atRisk, { exact: true }));
  if (about) {
    await hand.type(page.getByLabel("Person 1", { exact: true }), about.who);
    await page.getByLabel("What person 1 has to do with it").selectOption({ label: about.part });
  }
  await hand.tap(page.getByRole("group", { name: /told the safeguarding lead/ }).getByLabel("No", { exact: true }));
  await hand.tap(page.getByRole("button", { name: "Continue" }));
  await page.getByRole("heading", { level: 1, name: "Check your report" }).waitFor();
  await fit(page);
  await page.getByText(words).waitFor();
  await hand.tap(page.getByRole("button", { name: "Send the report" }));
  await page.getByRole("heading", { level: 1, name: "Report sent" }).waitFor();
  await fit(page);
  assert.ok(hand.acts() <= MOST_ACTS, `${hand.acts()} touches and answers are too many`);
}

async function fit(page) {
  await axeClean(page);
  await fitsAcross(page);
}

// Opens the newest of the cases that wait for whoever is signed in. Gives its address.
export async function newest(page) {
  await page.goto("/incidents?show=new");
  await axeClean(page);
  const rows = page.getByRole("table").getByRole("row");
  await rows.nth(1).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /^Case / }).waitFor();
  return new URL(page.url()).pathname;
}

// Opens the one of the cases that wait for whoever is signed in which has these words.
export async function theCaseThatSays(page, words) {
  await page.goto("/incidents?show=new");
  const links = page.getByRole("table").getByRole("row").getByRole("link");
  const addresses = await links.evaluateAll((all) => all.map(({ href }) => href));
  for (const address of new Set(addresses.filter((href) => href.includes("/incidents/")))) {
    await page.goto(address);
    if (await page.getByText(words).first().isVisible()) return new URL(address).pathname;
  }
  throw new Error(`none of ${addresses.length} new cases says “${words}”`);
}
