// Follows links from page to page as one signed-in person, without ever sending a form.
import { kindOf } from "./routes.js";

// Breadth-first from `start`, at most `most` pages and `ofAKind` pages of one kind. Of each page the
// answer is read; the first of each kind is given to `look(kind, here)`, whose `html` is that answer.
// Gives `[{ path, from, kind, status }]`.
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
    const html = await answer.text();
    for (const path of links(html, answer.url())) {
      if (seen.has(path)) continue;
      seen.add(path);
      waiting.push({ path, from: here.path });
    }
    await look(here.kind, { ...here, html });
  }
  return walked;
}

// The program writes every address between double quotes, and only `&` and `"` of it are escaped.
function links(html, from) {
  const hrefs = Array.from(html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g), ([, href]) => href);
  const within = hrefs
    .map((href) => new URL(href.replaceAll("&#34;", '"').replaceAll("&#38;", "&").replaceAll("&amp;", "&"), from))
    .filter(({ origin }) => origin === new URL(from).origin);
  return [...new Set(within.map(({ pathname, search }) => pathname + search))];
}
