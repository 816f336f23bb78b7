// The screen is to lock sooner: drafted by the co-ordinator, agreed by the senior leaders, approved
// by the governors, in force, and said by the policy.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";

const CLAUSE = "/policy/clauses/leaving-a-computer";

describe("a change of the policy", () => {
  const step = journey();
  let school, browser, coordinator, headteacher, chair, version;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    const inOf = async (post) => arrive(browser, school, await holderOf(school, post));
    coordinator = await inOf("online-safety-co-ordinator");
    headteacher = await inOf("headteacher");
    chair = await inOf("chair-of-governors");
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function headed(page, name) {
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await axeClean(page);
  }

  async function approve(page, minute) {
    await page.goto(version);
    await page.getByRole("button", { name: "Approve or refuse" }).click();
    await headed(page, /^Decide on version/);
    await page.getByLabel("Approved as it stands").check();
    await page.getByLabel("Minute").fill(minute);
    await page.getByRole("button", { name: "Record the decision" }).click();
    await headed(page, /^Version \d+ of the policy/);
  }

  step("begins as a draft from the version in force", async () => {
    await coordinator.goto("/policy/versions");
    await axeClean(coordinator);
    await coordinator.getByRole("button", { name: "Begin a draft" }).click();
    await headed(coordinator, /^Version \d+ of the policy/);
    version = new URL(coordinator.url()).pathname;
  });

  step("is made in a form that says what the draft would do", async () => {
    const setting = coordinator.getByRole("row").filter({ hasText: "The screen locks" });
    await setting.getByRole("link", { name: /^Change/ }).click();
    await coordinator.getByText("The screen locks after 10 minutes").waitFor();
    await axeClean(coordinator);
    await coordinator.getByRole("main").getByRole("textbox").first().fill("five");
    await coordinator.getByRole("button", { name: "Save into the draft" }).click();
    await coordinator.getByRole("alert").waitFor();
    await axeClean(coordinator);
    await coordinator.getByRole("main").getByRole("textbox").first().fill("5 minutes");
    await coordinator.getByRole("button", { name: "Save into the draft" }).click();
    await headed(coordinator, /^Version \d+ of the policy/);
  });

  step("is shown as a difference in effect before anybody decides", async () => {
    await coordinator.getByRole("link", { name: /See what it changes/ }).click();
    await headed(coordinator, /^What version \d+ changes/);
    await coordinator.locator("del", { hasText: "10 minutes" }).first().waitFor();
    await coordinator.locator("ins", { hasText: "5 minutes" }).first().waitFor();
  });

  step("is put forward, and still changes nothing", async () => {
    await coordinator.goto(version);
    await coordinator.getByRole("button", { name: "Put forward for approval" }).click();
    await coordinator.getByText("waits for the senior leaders").first().waitFor();
    await axeClean(coordinator);
    await chair.goto(version);
    await chair.getByRole("button", { name: "Approve or refuse" }).click();
    await chair.getByRole("heading", { name: "You cannot decide on this version now" }).waitFor();
    await axeClean(chair);
    await coordinator.goto(CLAUSE);
    await coordinator.getByText("The screen locks after 10 minutes").first().waitFor();
  });

  step("is agreed by the senior leaders, then approved by the governors", async () => {
    covers("H-058", "H-153");
    await approve(headteacher, "SLT 2026-11, item 3");
    await headteacher.getByText("waits for the governors").first().waitFor();
    await approve(chair, "FGB 2026-11, item 7");
  });

  step("comes into force from today", async () => {
    await headteacher.goto(version);
    await headteacher.getByRole("button", { name: "Bring into force" }).click();
    await headed(headteacher, /^Bring version \d+ into force/);
    const [day, month, year] = new Date()
      .toLocaleDateString("en-GB", { timeZone: "Europe/London" })
      .split("/");
    await headteacher.getByLabel("Day").fill(day);
    await headteacher.getByLabel("Month").fill(month);
    await headteacher.getByLabel("Year").fill(year);
    await headteacher.getByRole("button", { name: "Bring into force" }).click();
    await headed(headteacher, /^Version \d+ of the policy/);
    await headteacher.getByText("In force", { exact: false }).first().waitFor();
  });

  step("is what the policy says to everybody", async () => {
    await coordinator.goto(CLAUSE);
    await coordinator.getByText("The screen locks after 5 minutes").first().waitFor();
    await axeClean(coordinator);
    await coordinator.goto("/policy");
    const said = await coordinator.locator("main").innerText();
    assert.match(said, /The screen locks after 5 minutes/);
    assert.doesNotMatch(said, /The screen locks after 10 minutes/);
  });
});
