// Follows links from page to page as one signed-in person, without ever sending a form.
import { kindOf } from "./routes.js";

// Breadth-first from `start`, at most `most` pages and `ofAKind` pages of one kind. The first page
// of each kind is opened in the browser and given to `look(kind)`; of the others the answer is
// enough. Gives `[{ path, from, kind, status }]`.
export async function walk(page, among, { start = "/", most = 60, ofAKind = 2, look }) {
  const site = new URL(page.url()).origin;
  const waiting = [{ path: start, from: "the address bar" }];
  const seen = new Set([start]);
  const perKind = new Map();
  const walked = [];
  while (waiting.length > 0 && walked.length < most) {
    const here = waiting.shift();
    here.kind = kindOf(new URL(here.path, site).pathname, among);
    const before = perKind.get(here.kind) ?? 0;
    if (before >= ofAKind) continue;
    perKind.set(here.kind, before + 1);
    const answer = await page.request.get(site + here.path);
    here.status = answer.status();
    walked.push(here);
    const isPage = answer.headers()["content-type"]?.startsWith("text/html");
    if (!answer.ok() || !isPage || before > 0) continue;
    await page.goto(here.path);
    for (const path of await links(page, site)) {
      if (seen.has(path)) continue;
      seen.add(path);
      waiting.push({ path, from: here.path });
    }
    await look(here.kind);
  }
  return walked;
}

async function links(page, site) {
  const hrefs = await page.$$eval("a[href]", (all) => all.map(({ href }) => href));
  const within = hrefs.map((href) => new URL(href)).filter(({ origin }) => origin === site);
  return [...new Set(within.map(({ pathname, search }) => pathname + search))];
}
