// Every page to which a link leads a person is opened as that person and checked for accessibility
// and for its width, and no link leads nowhere.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { arrive, cast } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { pages } from "../lib/routes.js";
import { walk } from "../lib/walk.js";

const WHO = [
  "teacher",
  "online-safety-co-ordinator",
  "designated-safeguarding-lead",
  "headteacher",
  "chair-of-governors",
  "safeguarding-governor",
  "school-office",
  "network-manager",
  "data-protection-officer",
];

// No link leads there: a form does, or what is owed, and other journeys go there; or it is no page.
const NO_LINK = [];

const NARROWEST = { width: 320, height: 640 };

for (const pack of ["junior", "primary"]) {
  describe(`every page of every person under the ${pack} policy`, () => {
    const step = journey({ standAlone: true });
    let school, browser;
    const seen = new Set();
    before(async () => {
      school = await startSchool({ pack, pupils: 60 });
      browser = await openBrowser();
    });
    after(async () => {
      await browser?.close();
      await school?.stop();
    });

    async function everything(page, start) {
      const walked = await walk(page, pages(), {
        start,
        most: 500,
        ofAKind: 2,
        look: async (kind) => {
          seen.add(kind);
          await axeClean(page);
          await page.setViewportSize(NARROWEST);
          await fitsAcross(page);
          await page.setViewportSize({ width: 1280, height: 900 });
        },
      });
      const broken = walked.filter(({ status }) => status >= 400);
      const says = broken.map(({ path, from, status }) => `${from} leads to ${path}: ${status}`);
      assert.deepEqual(says, []);
    }

    step("whoever is not signed in", async () => {
      const page = await newVisitor(browser, school.address);
      await page.goto("/sign-in");
      await everything(page, "/sign-in");
    });

    for (const who of WHO) {
      step(who, async (test) => {
        const person = (await cast(school)).get(who);
        if (!person) return test.skip(`nobody holds this post under the ${pack} policy`);
        const page = await arrive(browser, school, person);
        await everything(page, "/");
        await page.goto("/there-is-nothing-here");
        await axeClean(page);
        await page.context().close();
      });
    }

    step("no page is left out by all of them", () => {
      const left = pages()
        .filter(({ needs }) => /^(Session|SteppedUp)/.test(needs))
        .map(({ pattern }) => pattern)
        .filter((pattern) => !seen.has(pattern) && !NO_LINK.includes(pattern));
      assert.deepEqual(left, []);
    });
  });
}
