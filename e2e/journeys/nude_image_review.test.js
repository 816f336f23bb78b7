// The safeguarding lead runs the review of a nude image to a forced referral, with the
// keyboard alone and at the width of a telephone.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest, report } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const WORDS = "A picture of a pupil without clothes is said to be going round a chat group.";

describe("the review of a nude image", () => {
  const step = journey();
  let school, browser, lead, hands, address;
  const choose = (question, answer) => {
    const group = lead.getByRole("group", { name: question });
    return hands.choose(group.getByLabel(answer, { exact: true }).first());
  };
  const say = (label, text) => hands.type(lead.getByLabel(label, { exact: true }), text);
  const press = (name) => hands.press(lead.getByRole("button", { name, exact: true }));
  const looks = async () => {
    await axeClean(lead);
    await fitsAcross(lead);
  };
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  step("begins with a report and the triage of whoever has it", async () => {
    const teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    await report(teacher, { words: WORDS, atRisk: "No" });
    const coordinator = await arrive(browser, school, await holderOf(school, "online-safety-co-ordinator"));
    address = await newest(coordinator);
    await coordinator.getByRole("button", { name: /^Acknowledge/ }).click();
    await coordinator.getByRole("button", { name: "Triage", exact: true }).click();
    await coordinator
      .getByLabel("What kind of risk is it?")
      .selectOption({ label: "Conduct: a nude or semi-nude image" });
    await coordinator.getByRole("group", { name: /significant harm/ }).getByLabel("No").check();
    await coordinator.getByRole("group", { name: /especially disturbing/ }).getByLabel("No").check();
    await coordinator.getByRole("group", { name: /semi-nude picture/ }).getByLabel("Yes").check();
    await coordinator.getByRole("group", { name: /What should happen/ }).getByLabel("Deal with it in school").check();
    await coordinator.getByLabel("Why?").fill("So the report says.");
    await axeClean(coordinator);
    await coordinator.getByRole("button", { name: "Save the triage" }).click();
    await coordinator.getByRole("heading", { name: "Guided reviews" }).waitFor();
    await axeClean(coordinator);
    assert.equal(await coordinator.getByRole("link", { name: "Nude or semi-nude image" }).count(), 0);
  });

  step("opens for the lead with what nobody may do", async () => {
    const person = await holderOf(school, "designated-safeguarding-lead");
    lead = await arrive(browser, school, person, { viewport: { width: 360, height: 740 } });
    hands = keyboardOnly(lead);
    await lead.goto(address);
    await looks();
    await hands.press(lead.getByRole("link", { name: "Nude or semi-nude image" }));
    await lead.getByRole("heading", { level: 1, name: /^Nude or semi-nude image/ }).waitFor();
    await lead.getByText("Do not look at the picture").first().waitFor();
    await looks();
  });

  step("asks the five criteria, and one that is not known yet forces a referral", async () => {
    covers("H-142");
    await hands.press(lead.getByRole("link", { name: "The five criteria" }));
    await lead.getByRole("heading", { level: 1, name: "The five criteria" }).waitFor();
    await looks();
    await choose(/Was a child forced/, "Not yet known: treated as yes until it is");
    await hands.type(lead.locator("#coerced-why"), "She says a friend asked again and again.");
    await press("Keep what I have");
    await lead.getByRole("heading", { name: "To be sent now" }).waitFor();
    await looks();
  });

  step("leads to the referral, which is recorded", async () => {
    await hands.press(lead.getByRole("link", { name: /^Referral to Police or/ }));
    await lead.getByRole("heading", { level: 1, name: /^Referral:/ }).waitFor();
    await looks();
    await press("Record that it was sent");
    await lead.getByRole("heading", { level: 1, name: "Record that it was sent" }).waitFor();
    await looks();
    await choose("To whom?", "Police");
    await choose("How?", "By telephone");
    await say("Reference", "CAD 1234");
    await press("Save");
    await lead.getByText("Sent to Police by telephone").waitFor();
    await looks();
  });
});
