// A parent reports on the public page by keyboard, with the policy's advice before them.
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser, phone } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest } from "../lib/reporting.js";

const WORDS = "My daughter was sent horrible messages in the class group.";

describe("a parent who is worried", () => {
  const step = journey();
  let school, browser, parent;
  before(async () => {
    school = await startSchool({ pack: "primary" });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function fit() {
    await axeClean(parent);
    await fitsAcross(parent);
  }

  step("finds the advice of the policy, and reports without an account", async () => {
    covers("C-204", "C-218");
    parent = await newVisitor(browser, school.address);
    await phone(parent);
    await parent.goto("/concern");
    await parent.getByText("Never answer whoever sent it.").waitFor();
    await fit();
    await parent.getByRole("group", { name: "Who are you to the school?" }).getByLabel("A parent or carer").check();
    await parent.getByLabel("What worries you?").fill(WORDS);
    await parent.getByRole("group", { name: "Is a child in danger now?" }).getByLabel("No", { exact: true }).check();
    await parent.getByRole("group", { name: "Whom is it about?" }).getByLabel("A child or children").check();
    await parent.getByRole("button", { name: "Continue" }).click();
    await parent.getByRole("heading", { level: 1, name: "Check before you send" }).waitFor();
    await parent.getByText("This goes to the headteacher.").waitFor();
    await fit();
    await parent.getByRole("button", { name: "Send it" }).click();
    await parent.getByRole("heading", { level: 1, name: "We have your report" }).waitFor();
    await fit();
  });

  step("is heard by the headteacher", async () => {
    const head = await arrive(browser, school, await holderOf(school, "headteacher"));
    await newest(head);
    await head.getByText(WORDS).first().waitFor();
    await head.getByText("a parent or carer, without an account").waitFor();
    await axeClean(head);
  });
});
