// Under the primary policy a teacher's concern arrives with the headteacher, and with the
// designated safeguarding lead as well when a child is at risk.
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { openBrowser } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf, working } from "../lib/people.js";
import { startSchool } from "../lib/program.js";
import { newest, report } from "../lib/reporting.js";
import { TELEPHONE } from "../lib/thumb.js";

const NO_RISK = "Two children quarrelled in a game over the weekend.";
const AT_RISK = "A stranger in a game has asked a child to meet him.";

describe("a concern of a teacher under the primary policy", () => {
  const step = journey();
  let school, browser, teacher, headteacher;
  before(async () => {
    school = await startSchool({ pack: "primary" });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await school?.stop();
  });

  async function opensNewest(page, words) {
    await newest(page);
    await page.getByText(words).first().waitFor();
    await axeClean(page);
  }

  step("is reported on a telephone, in a few touches", async () => {
    covers("C-117");
    teacher = await arrive(browser, school, await working(school, "Teacher"), TELEPHONE);
    await report(teacher, { words: NO_RISK, atRisk: "No" });
    await teacher.getByText(/We have told .*headteacher/).waitFor();
  });

  step("arrives with the headteacher", async () => {
    covers("C-010");
    headteacher = await arrive(browser, school, await holderOf(school, "headteacher"));
    await opensNewest(headteacher, NO_RISK);
  });

  step("is told to the safeguarding lead as well when a child is at risk", async () => {
    await report(teacher, { words: AT_RISK, atRisk: "Yes" });
    await teacher
      .getByText(/We have told .*headteacher.* designated safeguarding lead/)
      .waitFor();
  });

  step("then arrives with both", async () => {
    covers("C-011");
    const lead = await arrive(browser, school, await holderOf(school, "designated-safeguarding-lead"));
    await opensNewest(lead, AT_RISK);
    await opensNewest(headteacher, AT_RISK);
  });
});
