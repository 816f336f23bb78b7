// The parts of the browser extension by themselves, without a browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { covering, isBelow, split, wordsOf } from "../../extension/addresses.js";
import { searchOf } from "../../extension/engines.js";
import { isSchool } from "../../extension/hours.js";
import { ownNow, rulesOf } from "../../extension/rules.js";
import { opened } from "../../extension/signed.js";
import { metBy, oneForm } from "../../extension/words.js";
import { keyOf, signed } from "../lib/extension.js";

const SHARED = new URL("../../extension/test/watched-words.json", import.meta.url);

describe("watched words", () => {
  it("are met by the same searches as on the server", async () => {
    const { rules, examples } = JSON.parse(await readFile(SHARED, "utf8"));
    assert.ok(examples.length > 30);
    for (const { text, rules: expected } of examples) {
      assert.deepEqual(metBy(text, rules).map((rule) => rule.id), expected, text);
    }
  });
  it("are read in one form", () => {
    assert.equal(oneForm("  Don't — STOP!! "), "dont stop");
    assert.equal(oneForm("café\u0301 ﬁn"), "cafe fin");
    assert.equal(oneForm("a+b_c"), "a b c");
  });
});

describe("an address", () => {
  it("has one form, however it is spelled", () => {
    for (const [href, host, path] of [
      ["https://www.Library.example:8443/Games/?x=1#y", "library.example", "Games"],
      ["http://library.example/a/../%67ames//x/", "library.example", "games/x"],
      ["https://library.example/%2e%2e/a%2fb", "library.example", "a%2Fb"],
      ["https://library.example./", "library.example", ""],
    ]) {
      assert.deepEqual(split(href), { host, path }, href);
    }
    for (const href of ["about:blank", "chrome://settings", "data:text/html,x", "no address"]) {
      assert.equal(split(href), undefined, href);
    }
  });
  it("is covered by a listed beginning, step by step", () => {
    const listed = new Map([["library.example/games", "games"]]);
    const find = (href) => covering(listed, split(href))?.address;
    assert.equal(find("https://library.example/games"), "library.example/games");
    assert.equal(find("https://library.example/games/new/1"), "library.example/games");
    assert.equal(find("https://library.example/gamesroom"), undefined);
    assert.equal(find("https://other.example/games"), undefined);
    assert.equal(find("https://library.example/"), undefined);
  });
  it("is private with all below a private name", () => {
    const names = new Set(["nhs.uk"]);
    assert.ok(isBelow("111.nhs.uk", names) && isBelow("nhs.uk", names));
    assert.ok(!isBelow("notnhs.uk", names) && !isBelow("uk", names));
  });
});

describe("school hours", () => {
  const hours = { zone: "Europe/London", from: "08:50", to: "15:20", closed: [["2026-12-21", "2027-01-01"]] };
  for (const [instant, expected] of [
    ["2026-11-25T10:00:00Z", true],
    ["2026-11-25T08:49:59Z", false],
    ["2026-11-25T15:20:00Z", false],
    ["2026-11-28T10:00:00Z", false],
    ["2026-12-21T10:00:00Z", false],
    ["2027-01-04T10:00:00Z", true],
    // In summer the clock is an hour ahead.
    ["2026-07-01T07:55:00Z", true],
    ["2026-07-01T14:30:00Z", false],
  ]) {
    it(`${expected ? "hold" : "do not hold"} at ${instant}`, () => {
      assert.equal(isSchool(hours, new Date(instant)), expected);
    });
  }
});

describe("a search", () => {
  const engines = [
    { key: "google", names: ["www.google.co.uk"], paths: ["/search"], terms: ["q"], watched: true },
    { key: "bing", names: ["www.bing.com"], paths: ["/search"], terms: ["q"], watched: false },
  ];
  it("is read on the engines that the policy names, and nowhere else", () => {
    const term = (href) => searchOf(href, engines)?.term;
    assert.equal(term("https://www.google.co.uk/search?q=times+tables&tbm=isch"), "times tables");
    assert.equal(term("https://www.google.co.uk/maps?q=times"), undefined);
    assert.equal(term("https://www.bing.com/search?q=times"), undefined);
    assert.equal(term("https://google.co.uk.example/search?q=times"), undefined);
    assert.equal(term("https://www.google.co.uk/search?q="), undefined);
  });
});

describe("the address of a page", () => {
  it("says what stands in its path", () => {
    const said = (href) => wordsOf(split(href));
    assert.equal(said("https://forum.example/t/i%20want-to-die?q=secret#part"), "t/i want-to-die");
    assert.equal(said("https://forum.example/"), "");
    assert.equal(said("https://forum.example/%ff"), "%FF");
  });
});

describe("what is signed", () => {
  const ours = keyOf("belisha/ours");
  const settings = { format: 1, group: "pupils", number: 1 };
  const managed = { schoolKey: ours.schoolKey, group: "pupils" };
  const text = signed(ours, settings);
  const refuses = (why, other, set = managed) => it(why, () => assert.rejects(opened(other, set)));
  it("is taken where the school signed it for this group", async () => {
    assert.equal((await opened(text, managed)).number, 1);
  });
  refuses("is refused with one letter changed", text.replace('"number":1', '"number":2'));
  refuses("is refused from another school", signed(keyOf("belisha/theirs"), settings));
  refuses("is refused under our name with another key", signed({ ...keyOf("belisha/ours") }, settings));
  refuses("is refused for another group", text, { ...managed, group: "staff" });
  refuses("is refused in another format", signed(ours, { ...settings, format: 2 }));
  refuses("is refused without a signature", text.replace(/\n.*=\n/, "\n\n"));
  refuses("is refused where the key is none", text, { ...managed, schoolKey: "belisha/ours" });
  refuses("is refused where it is no text of ours", "<!doctype html>");
});

describe("the browser's rules", () => {
  const given = {
    addresses: [["library.example/games", "games"], ["odd.example/a*b", "games"], ["open.example/x", "games"]],
    own: [
      { name: "open.example", open: true, from: null, until: null },
      { name: "shut.example", open: false, from: null, until: null },
      { name: "good.shut.example", open: true, from: 10, until: 20 },
    ],
    safe_search: true,
    youtube: "strict",
    engines: [{ key: "google", names: ["www.google.com"], paths: ["/search"], safe: [["safe", "active"]] }],
  };
  const patterns = (now) => rulesOf(given, now).flatMap(({ condition }) => condition.urlFilter ?? []);
  it("shut listed addresses that a pattern can say, and none that the school opened", () => {
    assert.deepEqual(patterns(0), ["||library.example/games^"]);
  });
  it("follow what the school judged, while it holds", () => {
    const denied = (now) => rulesOf(given, now).find(({ priority }) => priority === 30).condition;
    assert.equal(denied(5).excludedRequestDomains, undefined);
    assert.deepEqual(denied(15).excludedRequestDomains, ["good.shut.example"]);
    assert.equal(denied(20).excludedRequestDomains, undefined);
    assert.deepEqual(ownNow(given, 15).open, ["open.example", "good.shut.example"]);
  });
  it("fit into a browser, however long the lists are", () => {
    const addresses = Array.from({ length: 20_000 }, (_, number) => [`library.example/${number}`, "games"]);
    const rules = rulesOf({ ...given, addresses }, 0);
    assert.equal(rules.length, 4_900);
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });
});
