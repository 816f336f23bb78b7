// Every page that links lead to from Today, as every kind of person of a made-up school: it opens,
// has one heading, no accessibility fault, no sideways scrolling on a telephone, and says nothing
// that only a machine would say. With PICTURES=yes each kind of page leaves its picture in `shots`.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser, phone, shot } from "../lib/browser.js";
import { peopleOf, signIn } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { pages } from "../lib/routes.js";
import { walk } from "../lib/walk.js";

const PICTURES = process.env.PICTURES === "yes";
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

// The kinds of page whose look was checked already.
const checked = new Set();

for (const pack of ["junior", "primary"]) {
  describe(`every page of a school under the ${pack} policy`, () => {
    let school, browser, people, keys;
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
          const walked = await walk(page, among, { most: 120, look: (kind, here) => fitToBeSeen(page, kind, here) });
          const lost = walked.filter(({ status }) => status >= 400);
          const said = lost.map(({ path, from, status }) => `${path} (from ${from}): ${status}`);
          assert.equal(said.join("\n"), "", "links that lead nowhere");
          assert.ok(walked.length >= 5, `only ${walked.length} pages are in reach`);
          await page.context().close();
        });
      }
    });

    // What a page says is read for each person; how it looks is looked at once for each kind of page.
    async function fitToBeSeen(page, kind, { path, html }) {
      const said = words(html);
      assert.equal(html.split("<h1").length - 1, 1, `${path} has not one heading of its own`);
      assert.doesNotMatch(said, MACHINE_WORDS, path);
      for (const key of FOR_EDITORS.has(kind) ? [] : keys) assert.ok(!said.includes(key), `${path} says “${key}”`);
      if (checked.has(kind)) return;
      checked.add(kind);
      await page.goto(path);
      await axeClean(page);
      if (PICTURES) await shot(page, picture(pack, kind, DESK.width));
      await phone(page);
      await fitsAcross(page);
      if (PICTURES) await shot(page, picture(pack, kind, 360));
      await page.setViewportSize(DESK);
    }
  });
}

// What stands in <code> is there to be typed as it stands.
function words(html) {
  return html
    .replace(/<(code|textarea|script|style|pre)\b[^]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, " ");
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
