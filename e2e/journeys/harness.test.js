// The journeys' own tools, tried on tiny pages: a tool that lets faults pass would make every journey worthless.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, newVisitor, openBrowser, phone } from "../lib/browser.js";
import { covers } from "../lib/covers.js";
import { keyboardOnly } from "../lib/keyboard.js";
import { codeAt, nextCode } from "../lib/one_time_code.js";
import { signIn } from "../lib/people.js";
import { startProgram } from "../lib/program.js";

const page = (title, body, style = "") =>
  `<!doctype html><html lang="en"><title>${title}</title><style>${style}</style><main><h1>${title}</h1>${body}</main>`;
const form = (action, label, type) =>
  `<form action="${action}"><label>${label} <input name="${label}" type="${type}"></label><button>Continue</button></form>`;

const PAGES = {
  "/clean": page("Clean", "<p>Nothing wrong here.</p>"),
  "/faulty": page("Faulty", '<img src="data:,"><p style="color:#ccc">Too pale to read.</p>'),
  "/wide": page("Wide", '<div style="width:500px">Too wide for a telephone.</div>'),
  "/reached": page("Reached", '<a href="/clean">One</a> <a href="/wide">Two</a>'),
  "/ringless": page("Ringless", '<a href="/clean">One</a>', "a:focus { outline: none }"),
  "/unreachable": page("Unreachable", '<span role="button">Two</span>'),
  "/sign-in": page(
    "Sign in",
    '<form action="/sign-in/code"><label>E-mail address <input></label><label>Password <input type="password"></label><button>Sign in</button></form>',
  ),
  "/sign-in/code": page("Code", form("/today", "Code from your app", "text")),
  "/today": page("Today", "<p>Signed in.</p>"),
};

describe("the tools of the journeys", () => {
  let site, browser, address;
  before(async () => {
    site = createServer((request, response) => {
      const body = PAGES[new URL(request.url, "http://localhost").pathname];
      response.writeHead(body ? 200 : 404, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      });
      response.end(body ?? "");
    }).listen(0, "127.0.0.1");
    await once(site, "listening");
    address = `http://127.0.0.1:${site.address().port}`;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    site.closeAllConnections();
    site.close();
  });

  async function at(path) {
    const visitor = await newVisitor(browser, address);
    await visitor.goto(path);
    return visitor;
  }

  it("passes a page without accessibility faults, under a strict content policy", async () => {
    await axeClean(await at("/clean"));
  });

  it("names each accessibility fault and its place", async () => {
    await assert.rejects(axeClean(await at("/faulty")), (error) => {
      assert.match(error.message, /image-alt/);
      assert.match(error.message, /color-contrast/);
      assert.match(error.message, /Too pale to read/);
      return true;
    });
  });

  it("tells when a page is wider than a telephone", async () => {
    const narrow = await at("/clean");
    await phone(narrow);
    assert.equal(await narrow.evaluate(() => innerWidth), 360);
    await fitsAcross(narrow);
    await narrow.goto("/wide");
    await assert.rejects(fitsAcross(narrow), /px wide in a window of 360 px/);
  });

  it("reaches a link with the keyboard and follows it", async () => {
    const visitor = await at("/reached");
    await keyboardOnly(visitor).press(visitor.getByRole("link", { name: "Two" }));
    await visitor.waitForURL("**/wide");
  });

  it("tells when the focus cannot be seen, or a control cannot be reached", async () => {
    const ringless = await at("/ringless");
    await assert.rejects(keyboardOnly(ringless).reach(ringless.getByRole("link")), /does not show it/);
    const unreachable = await at("/unreachable");
    await assert.rejects(keyboardOnly(unreachable).reach(unreachable.getByRole("button")), /not reached/);
  });

  it("signs a person in with password and code", async () => {
    const visitor = await newVisitor(browser, address);
    await signIn(visitor, { email: "a@school.example", password: "-", totp_secret: "JBSWY3DPEHPK3PXP" });
    assert.equal(new URL(visitor.url()).pathname, "/today");
  });
});

describe("one-time codes", () => {
  // The SHA-1 vectors of RFC 6238, appendix B, of which apps show the last six figures.
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  for (const [seconds, code] of [
    [59, "287082"],
    [1111111109, "081804"],
    [1234567890, "005924"],
    [20000000000, "353130"],
  ]) {
    it(`is ${code} at ${seconds} s`, () => assert.equal(codeAt(secret, Math.floor(seconds / 30)), code));
  }

  it("is never the same twice", () => {
    const codes = [nextCode(secret, 59_000), nextCode(secret, 59_000), nextCode(secret, 60_000)];
    assert.deepEqual(codes, [codeAt(secret, 1), codeAt(secret, 2), codeAt(secret, 3)]);
  });
});

describe("the program under test", () => {
  const node = (source) => (place) => [process.execPath, "-e", source, `${place.port}`, place.folder];

  it("is waited for, and leaves no folder behind", async () => {
    const program = await startProgram(
      node(`let asked = 0;
        require("http").createServer((q, r) => { r.statusCode = (asked += 1) < 3 ? 503 : 200; r.end(); })
          .listen(process.argv[1], "localhost", () => console.log("listening"));`),
    );
    assert.match(program.said(), /listening/);
    assert.ok(existsSync(program.folder));
    await program.stop();
    assert.ok(!existsSync(program.folder));
    await assert.rejects(fetch(program.address));
  });

  it("tells what a program said that could not start", async () => {
    const start = startProgram(node(`console.error("the port is taken"); process.exit(3);`));
    await assert.rejects(start, /ended with 3[\s\S]*the port is taken/);
    await assert.rejects(startProgram(() => ["/nowhere/belisha"]), /ENOENT/);
  });
});

describe("the rows that a journey covers", () => {
  it("must be written as the catalogue writes them", () => {
    // Not written into the call: this shows no row of the requirements.
    const rows = ["H-115", "C-041"];
    covers(...rows);
    assert.throws(() => covers("H-1"), /not a requirement row/);
  });
});
