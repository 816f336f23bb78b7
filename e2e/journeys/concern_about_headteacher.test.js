// A concern about the headteacher goes to the chair of governors, and the headteacher's site is
// silent about it: no list, no link, no page.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest, report } from "../lib/reporting.js";
import { pages } from "../lib/routes.js";
import { TELEPHONE } from "../lib/thumb.js";
import { walk } from "../lib/walk.js";

const WORDS = "The headteacher keeps photographs of pupils on a telephone of their own.";

describe("a concern about the headteacher", () => {
  const step = journey();
  let school, browser, chair, headteacher, address, reference;
  before(async () => {
    school = await startSchool();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  step("is reported by a teacher, who is told that it goes to the chair of governors", async () => {
    const teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    const about = { who: "headteacher", part: "is said to have done it" };
    await report(teacher, { words: WORDS, atRisk: "No", about });
    await teacher.getByText("We have told the chair of governors").waitFor();
  });

  step("opens for the chair of governors", async () => {
    covers("H-117");
    chair = await arrive(browser, school, await holderOf(school, "chair-of-governors"));
    address = await newest(chair);
    await chair.getByText(WORDS).first().waitFor();
    await axeClean(chair);
    const heading = await chair.getByRole("heading", { level: 1 }).innerText();
    reference = /Case (\S+)/.exec(heading)[1];
  });

  step("does not open for the headteacher, who is told that there is nothing", async () => {
    headteacher = await arrive(browser, school, await holderOf(school, "headteacher"));
    const answer = await headteacher.goto(address);
    assert.equal(answer.status(), 404);
    await headteacher.getByRole("heading", { name: "There is nothing here" }).waitFor();
    const nowhere = await headteacher.goto(address.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
    assert.equal(nowhere.status(), 404);
  });

  step("is on no page to which a link leads the headteacher", async () => {
    const said = (where, html) => {
      assert.ok(!html.includes(reference), `${where} names the case`);
      assert.ok(!html.includes(address), `${where} links to the case`);
    };
    for (const show of ["new", "mine", "overdue", "open", "closed"]) {
      await headteacher.goto(`/incidents?show=${show}`);
      said(headteacher.url(), await headteacher.content());
    }
    await walk(headteacher, pages(), { most: 40, ofAKind: 1, look: (_, { path, html }) => said(path, html) });
  });
});
