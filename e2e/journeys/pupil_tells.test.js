// A child tells someone on a classroom tablet or a telephone, without an account, and reads the answer
// with four secret words.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const WORDS = "They sent me nasty words in the game.";
const ANSWER = "Thank you for telling us. Come to the library at lunch.";

describe("a child who is worried", () => {
  const step = journey();
  let school, browser, child, handler, code, address;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function fit() {
    await axeClean(child);
    await fitsAcross(child);
    await child.getByRole("button", { name: "Exit this page" }).or(child.getByRole("link", { name: "Exit this page" })).first().waitFor();
  }

  async function choose(question, answer) {
    await child.getByRole("heading", { level: 1, name: question }).waitFor();
    await fit();
    await child.getByRole("radio", { name: answer, exact: true }).check();
    await child.getByRole("button", { name: "Next" }).tap();
  }

  step("tells someone, one question a page, without an account", async () => {
    covers("C-179");
    child = await newVisitor(browser, school.address, TELEPHONE);
    await child.goto("/tell");
    await fit();
    await child.getByText("Childline on 0800 1111").waitFor();
    await child.getByRole("button", { name: "Start" }).tap();
    await choose("What happened?", "Someone was unkind");
    await child.getByRole("heading", { level: 1, name: "Tell us more" }).waitFor();
    await fit();
    await child.getByLabel("Tell us more").fill(WORDS);
    await child.getByRole("button", { name: "Next" }).tap();
    await choose("When was it?", "Today");
    await choose("Who is it about?", "A child");
    await choose("Are you safe now?", "Yes");
    await choose("Who do you want to know?", "Anyone who can help");
    await choose("Do you want to say your name?", "No, not my name");
    await child.getByRole("heading", { level: 1, name: "Is this right?" }).waitFor();
    await fit();
    await child.getByText(WORDS).waitFor();
    await child.getByRole("button", { name: "Send it" }).tap();
    await child.getByRole("heading", { level: 1, name: /You told us/ }).waitFor();
    await fit();
    code = (await child.locator(".belisha-code li").allInnerTexts()).join(" ");
    assert.equal(code.split(" ").length, 4, code);
  });

  step("is answered by whoever the policy names", async () => {
    handler = await arrive(browser, school, await holderOf(school, "online-safety-co-ordinator"));
    address = await newest(handler);
    await handler.getByText(WORDS).first().waitFor();
    await axeClean(handler);
    await handler.getByRole("button", { name: "Answer whoever reported" }).click();
    await axeClean(handler);
    await handler.getByLabel("Your answer").fill(ANSWER);
    await handler.getByRole("button", { name: "Send the answer" }).click();
    await handler.getByRole("heading", { level: 2, name: "Messages with whoever reported" }).waitFor();
    await axeClean(handler);
  });

  step("reads the answer with the four words, and writes back", async () => {
    covers("C-232");
    await child.goto("/tell/answer");
    await fit();
    await child.getByLabel("What are your four secret words?").fill(code);
    await child.getByRole("button", { name: "Open" }).tap();
    await child.getByText(ANSWER).waitFor();
    await fit();
    await child.getByLabel("Do you want to say more?").fill("I will come.");
    await child.getByRole("button", { name: "Send it" }).tap();
    await child.getByText("Thank you. We have it.").waitFor();
    await handler.goto(address);
    await handler.getByText("I will come.").first().waitFor();
  });
});
