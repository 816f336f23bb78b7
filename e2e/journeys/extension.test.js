// The browser extension in a real Chromium, beside a school whose settings the test signs.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, phone, shot } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import {
  applied,
  at,
  keyOf,
  manage,
  openBrowserWith,
  renewNow,
  signed,
  startSigner,
  startWeb,
  until,
} from "../lib/extension.js";
import { journey } from "../lib/journey.js";

const SATURDAY = Date.UTC(2026, 10, 28, 10);
const WEDNESDAY = Date.UTC(2026, 10, 25, 10);
const GAMES = {
  title: "This website is closed at school",
  paragraphs: ["It is about: Games.", "You are not in trouble.", "Do you need it for your work? Ask your teacher."],
  may_ask: false,
  help: null,
};
const HARM = {
  title: "This website is closed at school",
  paragraphs: ["It is about people hurting themselves.", "You are not in trouble."],
  may_ask: false,
  help: {
    title: "If something is wrong, there is help",
    says: "Sometimes things feel too hard. You do not have to manage them alone.",
    lines: [
      { words: "Tell a grown-up that you trust, at school or at home.", phone: null, web: null },
      {
        words: "Talk to Childline. It is free, and you can ring at any time:",
        phone: "0800 1111",
        web: "https://www.childline.org.uk/",
      },
    ],
  },
};
const ADULTS = {
  title: "This website is closed for your group",
  paragraphs: ["{site} is listed under: Games. The school’s policy closes these for your group."],
  may_ask: true,
  help: null,
};
const PUPILS = {
  format: 1,
  group: "pupils",
  number: 100,
  adults: false,
  when: "school-hours",
  hours: { zone: "Europe/London", from: "08:50", to: "15:20", closed: [] },
  addresses: [
    ["library.example/Games", "games"],
    ["library.example/harm", "self-harm"],
    ["childline.org.uk/games", "games"],
  ],
  own: [{ name: "shut.example", open: false, from: null, until: null }],
  safe_search: true,
  youtube: "strict",
  engines: [
    { key: "google", names: ["www.google.com"], paths: ["/search"], terms: ["q"], safe: [["safe", "active"]], watched: true },
    { key: "youtube", names: ["www.youtube.com"], paths: ["/results"], terms: ["search_query"], safe: [], watched: true },
  ],
  words: [
    {
      id: "self-harm-wish",
      theme: "self-harm",
      severity: "urgent",
      any: ["want to die"],
      with: [],
      unless: ["song"],
    },
  ],
  private: ["childline.org.uk"],
  blocked: {
    "listed/games": GAMES,
    "listed/self-harm": HARM,
    denied: { ...GAMES, paragraphs: ["The school has decided that it stays closed."] },
  },
  ask: null,
  tell: "https://belisha.example/tell",
};

describe("the browser extension", () => {
  const step = journey();
  let web, school, browser, page, worker;
  before(async () => {
    web = await startWeb();
    school = await startSigner();
    school.give(PUPILS);
    browser = await openBrowserWith({ web, nowhere: ["stopped.example", "help.childline.org.uk"] });
    ({ page, worker } = browser);
  });
  after(async () => {
    await browser?.stop();
    await school?.stop();
    await web?.stop();
  });

  const heading = (name) => page.getByRole("heading", { level: 1, name }).waitFor();
  const says = (words) => page.getByText(words).first().waitFor();
  const followed = (number) => until(`settings ${number}`, async () => (await applied(worker)).includes(` ${number} `));
  // A page that leads elsewhere at once ends the visit of the first.
  const visit = (href) => page.goto(href).catch(() => undefined);
  const told = (kind) => school.told.filter((event) => event.kind === kind);

  step("does nothing before the school has set it", async () => {
    await until("no rules at all", async () => (await applied(worker)) === "nothing");
    await visit("https://library.example/Games");
    await heading("A page of the web");
  });

  step("takes the settings that the school signed", async () => {
    await manage(worker, school.management("pupils"));
    await followed(100);
  });

  step("shows its page over HTTPS, gently, and says so to the school", async () => {
    await visit("https://library.example/Games/new?x=1");
    await heading("This website is closed at school");
    await says("It is about: Games.");
    await says("You are not in trouble.");
    covers("H-094");
    const tell = page.getByRole("link", { name: "Tell someone" });
    assert.equal(await tell.getAttribute("href"), "https://belisha.example/tell");
    await axeClean(page);
    await fitsAcross(page);
    await shot(page, "extension-blocked-pupil");
    await until("a report", () => told("blocked").length > 0);
    const [event] = told("blocked");
    assert.deepEqual(
      [event.address, event.word, event.category, event.device, event.who],
      ["library.example/Games", "listed", "games", "laptop-17", ""],
    );
    assert.ok(!web.asked.some(({ url }) => url.startsWith("/Games/new")), "nothing was asked of the site");
  });

  step("offers help where somebody may need it", async () => {
    await visit("https://www.library.example/harm");
    await says("If something is wrong, there is help");
    assert.equal(await page.getByRole("link", { name: "0800 1111" }).getAttribute("href"), "tel:08001111");
    await axeClean(page);
    await phone(page);
    await fitsAcross(page);
    await shot(page, "extension-blocked-help");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  step("stops an address however it is spelled, and what the school denied", async () => {
    await visit("https://library.example/%47ames");
    await says("It is about: Games.");
    await visit("https://www.shut.example/anything");
    await says("The school has decided that it stays closed.");
    await visit("https://library.example/Gamesroom");
    await heading("A page of the web");
  });

  step("makes searches safe", async () => {
    await visit("https://www.google.com/search?q=times+tables&safe=off");
    await heading("A page of the web");
    assert.equal(new URL(page.url()).searchParams.get("safe"), "active");
    await visit("https://www.youtube.com/watch?v=1");
    await heading("A page of the web");
    const watched = web.asked.findLast(({ host, url }) => host === "www.youtube.com" && url.startsWith("/watch"));
    assert.equal(watched.headers["youtube-restrict"], "Strict");
  });

  step("tells of a search that worries, and of no other", async () => {
    await visit("https://www.google.com/search?q=times+tables");
    await visit("https://www.google.com/search?q=i+want+to+die+song");
    await visit("https://www.youtube.com/results?search_query=I+Want+to+DIE");
    await until("a report of the search", () => told("term").length > 0);
    assert.deepEqual(
      told("term").map(({ engine, term }) => [engine, term]),
      [["youtube", "I Want to DIE"]],
    );
  });

  step("tells of an address that worries, and of no other and no private one", async () => {
    await visit("https://library.example/times-tables");
    await visit("https://www.childline.org.uk/i-want-to-die");
    await visit("https://library.example/forum/i%20want-to_die");
    await heading("A page of the web");
    await until("a report of the address", () => told("address").length > 0);
    assert.deepEqual(
      told("address").map(({ address }) => address),
      ["library.example/forum/i%20want-to_die"],
    );
  });

  step("asks why a page failed, and of nothing that is private", async () => {
    school.answer = { word: "listed", category: "games" };
    await visit("https://stopped.example/page");
    await heading("This website is closed at school");
    const before = school.told.length;
    await visit("https://help.childline.org.uk/");
    await visit("https://www.childline.org.uk/talk");
    await heading("A page of the web");
    assert.deepEqual(school.questions, ["stopped.example"]);
    assert.equal(school.told.length, before);
  });

  step("keeps what it has while the school is away, and sends later what it saw", async () => {
    await school.stop();
    await renewNow(worker);
    await until("trouble", () => worker.evaluate(async () => (await chrome.storage.local.get("trouble")).trouble));
    await visit("https://library.example/Games");
    await says("It is about: Games.");
    const waiting = () => worker.evaluate(async () => (await chrome.storage.local.get("waiting")).waiting.length);
    await until("a report that waits", async () => (await waiting()) > 0);
    const before = school.told.length;
    await school.startAgain();
    await renewNow(worker);
    await until("the report", () => school.told.length > before);
    assert.equal(await waiting(), 0);
  });

  for (const [why, text] of [
    ["forged", () => signed({ ...keyOf("x"), origin: "belisha/school-of-the-test" }, { ...PUPILS, number: 900 })],
    ["of another school", () => signed(keyOf("belisha/another"), { ...PUPILS, number: 901 })],
    ["that is no settings at all", () => "<!doctype html>"],
  ]) {
    step(`refuses what is ${why}`, async () => {
      await worker.evaluate(() => chrome.storage.local.set({ trouble: "" }));
      school.text = text();
      await renewNow(worker);
      await until("a refusal", () => worker.evaluate(async () => (await chrome.storage.local.get("trouble")).trouble));
      assert.match(await applied(worker), / 100 /);
    });
  }

  step("refuses what is older or of another group, and takes what is newer", async () => {
    for (const settings of [
      { ...PUPILS, number: 99, addresses: [] },
      { ...PUPILS, number: 902, group: "staff", addresses: [] },
    ]) {
      school.give(settings);
      await renewNow(worker);
      await until("the question", () => worker.evaluate(async () => (await chrome.storage.local.get("asked")).asked > 0));
    }
    await visit("https://library.example/Games");
    await says("It is about: Games.");
    school.give({ ...PUPILS, number: 101, addresses: [["library.example/play", "games"]] });
    await renewNow(worker);
    await followed(101);
    await visit("https://library.example/Games");
    await heading("A page of the web");
    await visit("https://library.example/play");
    await says("It is about: Games.");
  });

  step("does nothing at all when school is over", async () => {
    await at(worker, SATURDAY);
    await renewNow(worker);
    await until("no rules", async () => (await applied(worker)) === "nothing");
    const [reports, questions] = [school.told.length, school.questions.length];
    await visit("https://library.example/play");
    await heading("A page of the web");
    await visit("https://www.google.com/search?q=i+want+to+die");
    await heading("A page of the web");
    assert.equal(new URL(page.url()).searchParams.get("safe"), null);
    await visit("https://stopped.example/");
    // By the next page the worker has seen that one fail.
    await visit("https://library.example/");
    await heading("A page of the web");
    assert.deepEqual([school.told.length, school.questions.length], [reports, questions]);
    await at(worker, WEDNESDAY);
  });

  step("lets adults ask for a site", async () => {
    const ask = "https://belisha.example/approvals/new/filter-change";
    school.give({ ...PUPILS, group: "staff", number: 1, adults: true, ask, tell: null, blocked: { "listed/games": ADULTS } });
    await manage(worker, school.management("staff"));
    await followed(1);
    await visit("https://library.example/Games");
    await heading("This website is closed for your group");
    await says("is listed under: Games.");
    const link = page.getByRole("link", { name: "Ask for this site" });
    assert.equal(await link.getAttribute("href"), `${ask}?name=library.example%2FGames&group=staff`);
    await axeClean(page);
    await shot(page, "extension-blocked-adult");
  });
});
