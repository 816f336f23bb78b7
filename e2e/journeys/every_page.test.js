// Every page that links lead to from Today, as every kind of person of a made-up school: it opens,
// has one heading, no accessibility fault, no sideways scrolling on a telephone, and says nothing
// that only a machine would say. Each kind of page leaves its picture in `shots`.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser, phone, shot } from "../lib/browser.js";
import { peopleOf, signIn } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { pages } from "../lib/routes.js";
import { walk } from "../lib/walk.js";

const DESK = { width: 1280, height: 900 };
// Row ids, words of the programming language, and keys where a name should stand.
const MACHINE_WORDS = /[0-9a-f]{8}-[0-9a-f]{4}-|\bundefined\b|\bNaN\b|\bSome\(|\bnull\b|\{\{/;
// This page says what an editor types into the policy's text.
const FOR_EDITORS = new Set(["/policy/controls"]);

// The two policies differ in words and in who is told, so for the second those are enough
// who see most.
const WALKERS = {
  junior: () => true,
  primary: ({ posts }) => posts.some((post) => MOST_SEEING.has(post)),
};
const MOST_SEEING = new Set([
  "headteacher",
  "designated-safeguarding-lead",
  "online-safety-co-ordinator",
  "network-manager",
  "chair-of-governors",
]);

for (const pack of ["junior", "primary"]) {
  describe(`every page of a school under the ${pack} policy`, () => {
    let school, browser, people, keys;
    const checked = new Set();
    before(async () => {
      school = await startSchool({ pack });
      browser = await openBrowser();
      const all = await peopleOf(school);
      people = oneOfEach(all).filter(WALKERS[pack]);
      keys = all.flatMap(({ posts }) => posts).filter((key) => key.includes("-"));
    });
    after(async () => {
      await browser?.close();
      await school?.stop();
    });

    it("is fit to be seen by each kind of person", async (t) => {
      const among = pages();
      for (const person of people) {
        await t.test(person.job_title, async () => {
          const page = await newVisitor(browser, school.address, { viewport: DESK });
          await signIn(page, person);
          const walked = await walk(page, among, { look: (kind) => fitToBeSeen(page, kind) });
          const lost = walked.filter(({ status }) => status >= 400);
          const said = lost.map(({ path, from, status }) => `${path} (from ${from}): ${status}`);
          assert.equal(said.join("\n"), "", "links that lead nowhere");
          assert.ok(walked.length >= 5, `only ${walked.length} pages are in reach`);
          await page.context().close();
        });
      }
    });

    async function fitToBeSeen(page, kind) {
      const headings = await page.locator("h1").allInnerTexts();
      assert.equal(headings.length, 1, `${page.url()} has the headings ${JSON.stringify(headings)}`);
      const said = await page.evaluate(words);
      assert.doesNotMatch(said, MACHINE_WORDS, page.url());
      for (const key of FOR_EDITORS.has(kind) ? [] : keys) assert.ok(!said.includes(key), `${page.url()} says “${key}”`);
      const isNew = !checked.has(kind);
      checked.add(kind);
      if (isNew) await axeClean(page);
      if (isNew) await shot(page, picture(pack, kind, DESK.width));
      await phone(page);
      await fitsAcross(page);
      if (isNew) await shot(page, picture(pack, kind, 360));
      await page.setViewportSize(DESK);
    }
  });
}

// What stands in <code> is there to be typed as it stands.
function words() {
  const copy = document.body.cloneNode(true);
  for (const code of copy.querySelectorAll("code, textarea, script")) code.remove();
  return copy.textContent;
}

function picture(pack, kind, width) {
  const name = kind.replaceAll(/[{}*]/g, "").replaceAll("/", "-").slice(1) || "today";
  return `${pack}-${name}-${width}`;
}

// Two teachers of the same posts see the same pages.
function oneOfEach(people) {
  const byPosts = new Map();
  for (const person of people) {
    const worn = JSON.stringify([person.posts, person.deputises_for, person.job_title]);
    if (!byPosts.has(worn)) byPosts.set(worn, person);
  }
  return [...byPosts.values()];
}
