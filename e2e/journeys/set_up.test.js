// A school begins: from a folder with nothing in it, with the one-time code that only the console
// shows, to Today of its headteacher, who has signed in on the way.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser, phone } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { nextCode } from "../lib/one_time_code.js";
import { startEmpty } from "../lib/program.js";

const PASSWORD = "saddle marmot quarry 27 lantern";
const PEOPLE = [
  ["Headteacher", "Ada Fernhill", "head@fernhill.example"],
  ["Chair of governors", "Tom Rushmere", "chair@fernhill.example"],
  ["Designated safeguarding lead", "Ada Fernhill", "head@fernhill.example"],
  ["Online safety co-ordinator", "Mina Holt", "mina@fernhill.example"],
];

describe("setting a school up", () => {
  const step = journey();
  let server, browser, page, keyboard, pdfName;
  before(async () => {
    server = await startEmpty();
    browser = await openBrowser();
    page = await newVisitor(browser, server.address);
    keyboard = keyboardOnly(page);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const press = (name) => keyboard.press(page.getByRole("button", { name }));
  const type = (label, words) => keyboard.type(page.getByLabel(label), words);

  async function headed(name) {
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await axeClean(page);
    await phone(page);
    await fitsAcross(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  step("asks whoever comes for the code, and refuses a wrong one", async () => {
    await page.goto("/");
    await headed("Set the school up");
    await type("Set-up code", "AAAA-AAAA-AAAA-AAAA");
    await press("Begin");
    await page.getByRole("alert").waitFor();
    await axeClean(page);
  });

  step("opens with the code from the console", async () => {
    const [, given] = /Code: (.+)/.exec(server.said());
    await type("Set-up code", given);
    await press("Begin");
    await headed("Set the school up");
    await page.getByText("Seven steps").waitFor();
  });

  step("takes the school and its terms", async () => {
    await keyboard.press(page.getByRole("link", { name: "The school" }));
    await headed("The school");
    await type("Name of the school", "Fernhill Primary School");
    await type("Address", "1 Fern Hill");
    await type("Town", "Fernhill");
    await press("Continue");
    await headed("Terms and closures");
    await press("Continue");
  });

  step("takes the people and their posts", async () => {
    await headed("People and their posts");
    for (const [post, name, email] of PEOPLE) {
      const group = page.getByRole("group", { name: new RegExp(`^${post}`) });
      await keyboard.type(group.getByLabel("Name", { exact: true }), name);
      await keyboard.type(group.getByLabel("E-mail address"), email);
    }
    await press("Continue");
  });

  step("makes the recovery kit, and believes only what was printed", async () => {
    await headed("Recovery kit");
    await press("Make the kit");
    await headed(/^Recovery kit ./);
    const saved = page.waitForEvent("download");
    await press("Get the sheets as a PDF");
    pdfName = (await saved).suggestedFilename();
    const sheet = await page.locator("section", { hasText: "Sheet 2 of 3" }).locator("pre").innerText();
    const groups = sheet.trim().split(/\s+/).slice(-2).join(" ");
    await type("The last two groups of sheet 2", groups);
    await press("I have printed all three sheets");
  });

  step("takes the policy that the school begins with", async () => {
    await headed("Policy");
    await keyboard.press(page.getByRole("radio").first(), " ");
    await press("Choose this policy");
  });

  step("gives the sheets as a PDF too, under a name that says nothing", async () => {
    assert.equal(pdfName, "recovery-kit-sheets.pdf");
  });

  step("lets the headteacher choose a password and set up a second factor", async () => {
    await headed("Your own account");
    await keyboard.press(page.getByRole("radio", { name: "Ada Fernhill" }), " ");
    await keyboard.type(page.getByLabel("New password", { exact: true }), PASSWORD);
    await press("Continue");
    await headed("Set up your second factor");
    const said = await page.locator("main").innerText();
    const secret = /type this key into the app:\s*([A-Z2-7 ]+)/i.exec(said)[1].replaceAll(" ", "");
    await keyboard.type(page.getByRole("textbox", { name: "Code", exact: true }), nextCode(secret));
    await press("Confirm");
    await headed("Your recovery codes");
    await keyboard.press(page.getByRole("link", { name: "Continue" }).or(page.getByRole("button", { name: "Continue" })));
  });

  step("opens the school, and shows the others' codes once", async () => {
    await headed("Open the school");
    await press("Open the school");
    await headed("Fernhill Primary School is open");
    assert.equal(await page.locator("section", { hasText: "head@fernhill.example" }).count(), 0);
    const other = page.locator("section", { hasText: "chair@fernhill.example" });
    assert.match(await other.locator("code").innerText(), /^[A-Z2-7]{4}( [A-Z2-7]{4}){3}$/);
    await keyboard.press(page.getByRole("button", { name: "Go to Today" }).or(page.getByRole("link", { name: "Go to Today" })));
  });

  step("ends at what the policy asks of the headteacher, and then at Today", async () => {
    await page.waitForURL((url) => !url.pathname.startsWith("/set-up"));
    const heading = await page.getByRole("heading", { level: 1 }).innerText();
    assert.match(heading, /^(Today|Your agreements)/);
    await axeClean(page);
  });
});
