// A member of staff who owes the staff agreement is held until they have signed it, and the clause
// counts the signature.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { arrive, holderOf, peopleOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { TELEPHONE } from "../lib/thumb.js";

const CLAUSE = "/policy/clauses/staff-agreement";

describe("the staff agreement", () => {
  const step = journey();
  let school, browser, headteacher, person, page, keyboard, signedBefore;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    headteacher = await arrive(browser, school, await holderOf(school, "headteacher"));
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  // "2 of 24 have not signed", "22 of 24 have signed; 2 are due soon" or "All 24 have signed".
  async function signed() {
    await headteacher.goto(CLAUSE);
    const said = await headteacher.locator("main").innerText();
    const [, not, of] = /(\d+) of (\d+) ha(?:s|ve) not signed/.exec(said) ?? [];
    if (not) return Number(of) - Number(not);
    const [, some] = /(\d+) of \d+ ha(?:s|ve) signed/.exec(said) ?? [];
    return Number(some ?? /All (\d+) have signed/.exec(said)?.[1] ?? assert.fail(said));
  }

  step("is listed for the headteacher with those who have not signed", async () => {
    await headteacher.goto("/agreements/staff");
    await axeClean(headteacher);
    const owing = headteacher.getByRole("row").filter({ hasText: /Not signed|Late/ });
    const cells = await owing.locator("th, td").allInnerTexts();
    const people = await peopleOf(school);
    person = people.find(({ name, totp_secret }) => !totp_secret && cells.includes(name));
    assert.ok(person, `nobody of the demonstration owes a signature: ${cells}`);
    signedBefore = await signed();
    await axeClean(headteacher);
  });

  step("holds whoever owes it, on the way to any other page", async () => {
    page = await arrive(browser, school, person, TELEPHONE);
    keyboard = keyboardOnly(page);
    for (const path of ["/", "/policy", "/incidents"]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1, name: "Your agreements" }).waitFor();
    }
    await axeClean(page);
    await fitsAcross(page);
  });

  step("is read in whole and asks for a signature, not for a press alone", async () => {
    await keyboard.press(page.getByRole("main").getByRole("link", { name: /Staff agreement/ }));
    await page.getByRole("heading", { name: "Sign this agreement" }).waitFor();
    await axeClean(page);
    await fitsAcross(page);
    await keyboard.press(page.getByRole("button", { name: "Sign the agreement" }));
    await page.getByRole("alert").waitFor();
    await axeClean(page);
  });

  step("is signed, and lets the person in", async () => {
    covers("H-083");
    await keyboard.press(page.getByLabel("I have opened the policy and read it"), " ");
    await keyboard.press(page.getByRole("group", { name: "Your signature" }).getByRole("checkbox"), " ");
    await keyboard.press(page.getByRole("button", { name: "Sign the agreement" }));
    await page.getByRole("heading", { level: 1, name: "Agreement signed" }).waitFor();
    await axeClean(page);
    await fitsAcross(page);
  });

  step("gives the person their own copy as a PDF", async () => {
    const coming = page.waitForEvent("download");
    await keyboard.press(page.getByRole("button", { name: "Save your copy (PDF)" }));
    const copy = await readFile(await (await coming).path());
    assert.equal(copy.subarray(0, 5).toString(), "%PDF-");
  });

  step("no longer holds the person", async () => {
    await page.goto("/");
    await page.getByRole("heading", { level: 1, name: /^Today/ }).waitFor();
    await axeClean(page);
  });

  step("counts one signature more on its clause", async () => {
    assert.equal(await signed(), signedBefore + 1);
    await axeClean(headteacher);
  });
});
