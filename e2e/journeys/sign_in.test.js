// A person with a second factor comes in and leaves, with the keyboard alone.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { newVisitor, openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { nextCode } from "../lib/one_time_code.js";
import { holderOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";

describe("signing in, with the keyboard alone", () => {
  const step = journey();
  let school, browser, page, keyboard, headteacher;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    headteacher = await holderOf(school, "headteacher");
    page = await newVisitor(browser, school.address);
    keyboard = keyboardOnly(page);
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function give(password) {
    await keyboard.type(page.getByLabel("E-mail"), headteacher.email);
    await keyboard.type(page.getByLabel("Password", { exact: true }), password);
    await keyboard.press(page.getByRole("button", { name: "Sign in" }));
  }

  step("leads whoever asks for a page to the sign-in page", async () => {
    await page.goto("/");
    await page.waitForURL("**/sign-in");
    await axeClean(page);
  });

  step("says that a wrong password is wrong, and keeps the address that was typed", async () => {
    await give("not the password");
    const summary = page.getByRole("alert");
    await summary.getByText("The e-mail address or the password is not right").waitFor();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel("E-mail").inputValue(), headteacher.email);
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    await axeClean(page);
  });

  step("asks for the second factor after the right password, and does not open anything before", async () => {
    covers("H-231");
    await give(headteacher.password);
    await page.getByRole("heading", { name: "Your second factor" }).waitFor();
    await axeClean(page);
    await page.goto("/");
    await page.getByRole("heading", { name: "Your second factor" }).waitFor();
  });

  step("says that a wrong code is wrong", async () => {
    await keyboard.type(page.getByLabel("Code"), "000000");
    await keyboard.press(page.getByRole("button", { name: "Continue" }));
    await page.getByRole("alert").getByText("That code is not right").waitFor();
    await axeClean(page);
  });

  step("opens Today with the right code", async () => {
    await keyboard.type(page.getByLabel("Code"), nextCode(headteacher.totp_secret));
    await keyboard.press(page.getByRole("button", { name: "Continue" }));
    await page.getByRole("heading", { level: 1, name: /^Today/ }).waitFor();
    await page.getByText(headteacher.name).first().waitFor();
    await axeClean(page);
  });

  step("signs out, and shows nothing to whoever goes back", async () => {
    await keyboard.press(page.getByRole("button", { name: "Sign out" }));
    await page.getByText("You are signed out.").waitFor();
    await axeClean(page);
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.ok(!(await page.content()).includes(headteacher.name));
  });
});
