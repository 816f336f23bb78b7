// A lead adds a screenshot of text to a case, makes a masked pack of it, and anybody can check the pack.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser, phone, shot } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { BELISHA, startSchool } from "../lib/program.js";
import { report, theCaseThatSays } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const LEAD = "designated-safeguarding-lead";
const WORDS = "A message said that nobody should play with her.";

describe("a file and a pack", () => {
  const step = journey();
  let school, browser, lead, hands, scratch, picture, pack, passphrase;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
    scratch = await mkdtemp(join(tmpdir(), "belisha-pack-"));
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  const heading = (name) => lead.getByRole("heading", { level: 1, name }).waitFor();
  const button = (name) => lead.getByRole("button", { name });
  const good = async () => {
    await axeClean(lead);
    await fitsAcross(lead);
  };

  step("a teacher reports, and the lead takes the case up by keyboard", async () => {
    const teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    await report(teacher, { words: WORDS, atRisk: "Yes" });
    lead = await arrive(browser, school, await holderOf(school, LEAD));
    // A screenshot of text: a page of the program itself.
    picture = join(scratch, "screenshot.png");
    await lead.screenshot({ path: picture });
    hands = keyboardOnly(lead);
    await theCaseThatSays(lead, WORDS);
    await heading(/^Case /);
    await hands.press(button(/^Acknowledge/));
    await heading(/Acknowledged/);
    await hands.press(button("Triage"));
    await heading("Triage");
    await lead.getByLabel("What kind of risk is it?").selectOption({ label: "Conduct: bullying online" });
    for (const group of [/significant harm/, /especially disturbing/, /semi-nude picture/]) {
      await hands.choose(lead.getByRole("group", { name: group }).getByLabel("No", { exact: true }));
    }
    await hands.choose(lead.getByLabel("Deal with it in school"));
    await hands.type(lead.getByLabel("Why?"), "Two children fell out.");
    await hands.press(button("Save the triage"));
    await heading(/Triaged/);
  });

  step("the question stands before the file, also on a telephone", async () => {
    await hands.press(lead.getByRole("link", { name: "Files" }));
    await heading(/^Files of case /);
    await good();
    await hands.press(button("Add a file"));
    await heading("Could any picture in this show a child undressed?");
    await phone(lead);
    await good();
    await shot(lead, "file-question-phone");
    await hands.choose(lead.getByLabel("No", { exact: true }));
    await hands.press(button("Continue"));
    await heading("Add a file");
    await good();
  });

  step("a screenshot of text is added", async () => {
    await hands.type(lead.getByLabel("What does it show?"), "The message, as it was shown to me");
    await hands.reach(lead.getByLabel("Which file?"));
    await lead.getByLabel("Which file?").setInputFiles(picture);
    await shot(lead, "file-add-phone");
    await hands.press(button("Add the file"));
    await heading(/^Files of case /);
    await good();
    await shot(lead, "file-list-phone");
    await lead.setViewportSize({ width: 1280, height: 900 });
    await shot(lead, "file-list");
    await hands.press(lead.getByRole("link", { name: "screenshot.png" }));
    await heading("screenshot.png");
    const drawn = lead.getByRole("img", { name: /^Preview/ });
    await drawn.waitFor();
    assert.ok(await drawn.evaluate((image) => image.complete && image.naturalWidth > 0), "the preview is not drawn");
    await good();
    await shot(lead, "file-show");
  });

  step("a pack is begun, with others masked", async () => {
    await hands.press(lead.getByRole("link", { name: /^Back/ }));
    await hands.press(lead.getByRole("link", { name: "The case", exact: true }));
    await hands.press(button("Make a pack to leave the school"));
    await heading("Make a pack to leave the school");
    await good();
    await hands.choose(lead.getByLabel(/^The chronology/));
    await hands.type(lead.getByLabel("Who is it for?"), "Sal Social");
    await hands.type(lead.getByLabel("Of which organisation?"), "Children’s services");
    await hands.type(lead.getByLabel("Why do they need it?"), "An assessment");
    await shot(lead, "pack-begin");
    await hands.press(button("Continue"));
    await heading("How does each person appear?");
    await good();
    await shot(lead, "pack-masking");
    await hands.press(lead.getByLabel(/^The message, as it was shown/), " ");
    await hands.press(button("Mask the names and go on"));
    await heading("Read what will leave");
    await good();
    await shot(lead, "pack-check");
    await hands.press(button("I have read it: go on"));
    await heading("Finish the pack");
    await good();
    await shot(lead, "pack-finish");
    await hands.press(button("Finish the pack"));
    await heading("Chronology");
    await good();
    await shot(lead, "pack-done");
    passphrase = await lead.locator("code").innerText();
  });

  step("what was taken out verifies, and does not once a byte is changed", async () => {
    const [download] = await Promise.all([
      lead.waitForEvent("download"),
      hands.press(button("Take the encrypted pack")),
    ]);
    pack = join(scratch, "pack.zip.age");
    await download.saveAs(pack);
    const key = spawnSync(BELISHA, ["journal", "key", "--data", school.folder], { encoding: "utf8" });
    assert.equal(key.status, 0, key.stderr);
    const check = (file, input) =>
      spawnSync(BELISHA, ["bundle", "verify", file, "--key", key.stdout.trim()], { input, encoding: "utf8" });
    const sound = check(pack, `${passphrase}\n`);
    assert.equal(sound.status, 0, sound.stdout + sound.stderr);
    assert.match(sound.stdout, /^sound/);
    assert.match(sound.stdout, /1 of them files of the case/);
    const wrong = check(pack, "another-passphrase\n");
    assert.equal(wrong.status, 2);
    const nonsense = join(scratch, "nonsense.zip");
    await writeFile(nonsense, "no pack");
    assert.equal(check(nonsense).status, 2);
  });
});
