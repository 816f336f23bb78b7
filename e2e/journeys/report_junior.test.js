// Under the junior policy a teacher's concern arrives with the online-safety co-ordinator.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest, report } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const WORDS = "A violent video was shown round at the bus stop this morning.";

describe("a concern of a teacher under the junior policy", () => {
  const step = journey();
  let school, browser, teacher, coordinator;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  step("is reported on a telephone, in a few touches", async () => {
    teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    await report(teacher, { words: WORDS, atRisk: "No" });
    await teacher.getByText("We have told the online safety co-ordinator").waitFor();
  });

  step("waits for the co-ordinator, with the words of the teacher", async () => {
    covers("H-086", "H-114");
    coordinator = await arrive(browser, school, await holderOf(school, "online-safety-co-ordinator"));
    await newest(coordinator);
    await coordinator.getByText(WORDS).first().waitFor();
    await axeClean(coordinator);
  });

  step("is acknowledged with one press", async () => {
    await coordinator.getByRole("button", { name: /^Acknowledge/ }).click();
    await coordinator.getByRole("heading", { level: 1, name: /Acknowledged/ }).waitFor();
    await axeClean(coordinator);
  });

  step("is seen by the teacher to be taken up", async () => {
    await teacher.getByRole("button", { name: "See my reports" }).tap();
    await teacher.getByRole("heading", { level: 1, name: "My reports" }).waitFor();
    await axeClean(teacher);
    await teacher.getByRole("row").nth(1).getByRole("link").tap();
    await teacher.getByText(WORDS).first().waitFor();
    await axeClean(teacher);
    const said = await teacher.locator("main").innerText();
    assert.match(said, /taken up|acknowledged/i);
  });
});
