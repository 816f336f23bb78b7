// The online-safety co-ordinator takes a case from the notice to its closing, with the keyboard
// alone, on a telephone's width.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser, phone } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest, report } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const WORDS = "Two pupils called each other names in a game at home, and brought it to school.";

describe("closing a case, with the keyboard alone", () => {
  const step = journey();
  let school, browser, page, keyboard, address;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    const teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    await report(teacher, { words: WORDS, atRisk: "No" });
    page = await arrive(browser, school, await holderOf(school, "online-safety-co-ordinator"));
    await phone(page);
    keyboard = keyboardOnly(page);
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  const press = (name) => keyboard.press(page.getByRole("main").getByRole("button", { name }));
  const choose = (group, answer) =>
    keyboard.choose(page.getByRole("group", { name: group }).getByLabel(answer, { exact: true }));

  async function headed(name) {
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await axeClean(page);
    await fitsAcross(page);
  }

  async function missing() {
    return page.getByRole("main").innerText();
  }

  step("begins at the case, whose notice is read by that", async () => {
    address = await newest(page);
    await headed(/^Case /);
    await page.getByText(WORDS).first().waitFor();
  });

  step("is acknowledged", async () => {
    await press(/^Acknowledge/);
    await headed(/Acknowledged/);
  });

  step("cannot be closed before it is triaged, and the page says so", async () => {
    assert.match(await missing(), /Before it can be closed/);
    await press("Close the case");
    await headed("Close the case");
    await keyboard.type(page.getByLabel("What came of it?"), "Both families were spoken to.");
    await press("Close the case");
    await headed("This case cannot be closed yet");
    await page.goto(address);
  });

  step("is triaged", async () => {
    await press("Triage");
    await headed("Triage");
    await keyboard.reach(page.getByLabel("What kind of risk is it?"));
    await page.keyboard.press("ArrowDown");
    await choose(/child at risk of significant harm/, "No");
    await choose(/especially disturbing or unlawful/, "No");
    await choose(/semi-nude picture of a child/, "No");
    await choose("What should happen?", "Deal with it in school");
    await keyboard.type(page.getByLabel("Why?"), "They fell out and have made up.");
    await press("Save the triage");
    await headed(/^Case /);
  });

  step("says that the parents were told", async () => {
    await press("Parents");
    await headed("Parents");
    await choose(/Have the parents or carers been told/, "They have been told");
    const today = new Date();
    await keyboard.type(page.getByLabel("Day"), `${today.getDate()}`);
    await keyboard.type(page.getByLabel("Month"), `${today.getMonth() + 1}`);
    await keyboard.type(page.getByLabel("Year"), `${today.getFullYear()}`);
    await keyboard.type(page.getByLabel(/^What was said/), "Rang both homes after school.");
    await press("Save");
    await headed(/^Case /);
  });

  step("is closed once nothing is missing", async () => {
    const asked = await missing();
    if (/reporter/i.test(asked.split("Before it can be closed")[1].split("Chronology")[0])) {
      const teacher = await arrive(browser, school, await working(school, "Teacher"));
      await teacher.goto("/reports");
      await teacher.getByRole("row").nth(1).getByRole("link").click();
      await teacher.getByRole("button", { name: "This record is right" }).click();
      await page.goto(address);
    }
    await press("Close the case");
    await headed("Close the case");
    await keyboard.type(page.getByLabel("What came of it?"), "Both families were spoken to.");
    await press("Close the case");
    await headed(/Closed/);
  });
});
