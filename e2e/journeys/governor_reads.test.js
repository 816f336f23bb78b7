// The safeguarding governor sees whether the school keeps its word, and no name and no case.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser, phone } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf, peopleOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";

describe("the safeguarding governor", () => {
  const step = journey();
  let school, browser, page, names;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    const governor = await holderOf(school, "safeguarding-governor");
    page = await arrive(browser, school, governor);
    names = (await peopleOf(school)).map(({ name }) => name);
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function namesNobody() {
    const said = await page.locator("main").innerText();
    for (const name of names) assert.ok(!said.includes(name), `${page.url()} names ${name}`);
    assert.doesNotMatch(said, /Case \d/);
  }

  step("finds the assurance page from the policy, with every clause and how it stands", async () => {
    covers("H-057");
    await page.getByRole("navigation").getByRole("link", { name: "Policy" }).click();
    await page.getByRole("link", { name: "Assurance" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Does the school keep its word?" }).waitFor();
    await axeClean(page);
    await namesNobody();
    const said = await page.locator("main").innerText();
    for (const word of ["Enforced", "Met", "Stated"]) assert.ok(said.includes(word), word);
  });

  step("reads a clause with its evidence, counted and not named", async () => {
    await page.getByRole("link", { name: /staff agreement/i }).first().click();
    await page.getByRole("heading", { name: "Is it kept?" }).waitFor();
    await page.getByText("Measured").first().waitFor();
    await axeClean(page);
    await namesNobody();
  });

  step("is told of a clause of words only that it is that", async () => {
    await page.goBack();
    await page.getByRole("link", { name: /Stated \d+/ }).click();
    await page.getByRole("main").getByRole("table").first().getByRole("link").first().click();
    await page.getByText("These are words only").waitFor();
    await axeClean(page);
    await phone(page);
    await fitsAcross(page);
  });
});
