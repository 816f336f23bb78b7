// Under each pack a member of staff signs the agreement for staff, with the keyboard alone on a
// telephone's width, saves their own copy, and anybody proves it on a machine that knows nothing.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser, phone } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { arrive, holderOf, unsigned } from "../lib/people.js";
import { BELISHA, startSchool } from "../lib/program.js";

const run = promisify(execFile);

for (const pack of ["junior", "primary"]) {
  describe(`the agreement for staff under the ${pack} policy`, () => {
    const step = journey();
    let school, browser, person, page, keyboard, elsewhere, copy, key;
    before(async () => {
      school = await startSchool({ pack });
      browser = await openBrowser();
      person = await unsigned(browser, school);
      page = await arrive(browser, school, person);
      await phone(page);
      keyboard = keyboardOnly(page);
    });
    after(async () => {
      await browser?.close();
      await school?.stop();
      if (elsewhere) await rm(elsewhere, { recursive: true });
    });

    async function fit() {
      await axeClean(page);
      await fitsAcross(page);
    }

    step("waits for whoever has not signed", async () => {
      await page.goto("/agreements");
      await page.getByRole("heading", { name: "Waiting for your signature" }).waitFor();
      await fit();
      await keyboard.press(page.getByRole("main").getByRole("link", { name: /agreement/i }).first());
      await page.getByRole("heading", { name: "Sign this agreement" }).waitFor();
      await fit();
    });

    step("says what is missing, and loses nothing that was typed", async () => {
      await keyboard.type(page.getByLabel("Your full name"), person.name);
      await keyboard.press(page.getByRole("button", { name: "Sign the agreement" }));
      await page.getByRole("alert").waitFor();
      assert.equal(await page.getByLabel("Your full name").inputValue(), person.name);
      await fit();
    });

    step("is signed with name, post and date", async () => {
      await keyboard.press(page.getByLabel("I have opened the policy and read it"), " ");
      const post = page.getByLabel("Your post");
      if (await post.count()) await keyboard.type(post, person.job_title);
      await keyboard.press(page.getByLabel(/^I have read the policy and this agreement/), " ");
      await keyboard.press(page.getByRole("button", { name: "Sign the agreement" }));
      await page.getByRole("button", { name: "Save your copy" }).waitFor();
      await fit();
    });

    step("gives a copy that is a PDF", async () => {
      const href = await page.getByRole("button", { name: "Save your copy" }).getAttribute("href");
      const answer = await page.request.get(href);
      assert.equal(answer.headers()["content-type"], "application/pdf");
      const bytes = await answer.body();
      assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
      elsewhere = await mkdtemp(join(tmpdir(), "belisha-copy-"));
      copy = join(elsewhere, "copy.pdf");
      await writeFile(copy, bytes);
    });

    step("is proved from the file alone, with the key on the governors' slip", async () => {
      const chair = await arrive(browser, school, await holderOf(school, "chair-of-governors"));
      await chair.goto("/journal/slip");
      key = await chair.getByRole("main").locator("p code").innerText();
      // The school is gone: nothing but the file and the key is at hand.
      await school.stop();
      const { stdout } = await run(BELISHA, ["agreement", "verify", copy, "--key", key]);
      assert.match(stdout, /^The signature holds/);
      assert.ok(stdout.includes(person.name));
    });

    step("is not proved by a copy that was cut off", async () => {
      const bytes = await readFile(copy);
      await writeFile(copy, bytes.subarray(0, bytes.length / 2));
      await assert.rejects(run(BELISHA, ["agreement", "verify", copy, "--key", key]));
    });
  });
}
