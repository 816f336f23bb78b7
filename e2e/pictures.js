// Takes a picture of every page that each person of a made-up school can reach, at the sizes and in
// the colours in which people see them: `npm run pictures`, or `npm run pictures -- headteacher teacher`.
// They stand in shots/pictures, with an index.html that shows each page as everybody sees it.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { newVisitor, openBrowser } from "./lib/browser.js";
import { arrive, cast } from "./lib/people.js";
import { startSchool } from "./lib/program.js";
import { pages } from "./lib/routes.js";
import { walk } from "./lib/walk.js";

const OUT = new URL("./shots/pictures/", import.meta.url).pathname;
const HIGHEST = 2_400;
const VIEWS = [
  { name: "wide", width: 1280, height: 900, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone", width: 360, height: 740, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 740, colorScheme: "dark" },
  { name: "paper", width: 794, height: 1123, media: "print" },
];
// What people do print; of the other pages a picture on paper tells nothing.
const PRINTED = /^\/(policy|assurance|agreements|incidents\/|people\/|set-up|account\/recovery)/;
const NARROWEST = 320;
const wanted = process.argv.slice(2);
const school = await startSchool({ pack: process.env.PACK ?? "junior", pupils: 60 });
const browser = await openBrowser();
const taken = new Map();
const faults = [];
try {
  await mkdir(OUT, { recursive: true });
  await each("nobody", () => newVisitor(browser, school.address), "/sign-in");
  for (const [name, person] of await cast(school)) {
    await each(name, () => arrive(browser, school, person), "/");
  }
  await writeFile(`${OUT}index.html`, index());
} finally {
  await browser.close();
  await school.stop();
}
console.log(`${[...taken.values()].flat().length} pictures of ${taken.size} pages: ${OUT}index.html`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

async function each(name, come, start) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  await rm(`${OUT}${name}`, { recursive: true, force: true });
  await mkdir(`${OUT}${name}`, { recursive: true });
  const page = await come();
  await page.goto(start);
  const look = async (kind, { path }) => {
    await page.goto(path);
    await take(page, name, kind);
  };
  const walked = await walk(page, pages(), { start, most: 400, ofAKind: 1, look });
  for (const { path, from, status } of walked) {
    if (status >= 400) faults.push(`${name}: ${from} leads to ${path}, which answers ${status}`);
  }
  await page.goto("/there-is-nothing-here");
  await take(page, name, "/there-is-nothing-here");
  await page.context().close();
  console.log(`${name}: ${walked.length} pages`);
}

async function take(page, name, kind) {
  const file = kind.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "today";
  for (const view of VIEWS) {
    if (view.media && !PRINTED.test(kind)) continue;
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.emulateMedia({ colorScheme: view.colorScheme ?? "light", media: view.media ?? "screen" });
    await picture(page, `${name}/${file}.${view.name}.png`);
    taken.set(kind, [...(taken.get(kind) ?? []), `${name}/${file}.${view.name}.png`]);
  }
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  await page.emulateMedia({ colorScheme: "light", media: "screen" });
  const { wide, shown } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    shown: document.documentElement.clientWidth,
  }));
  if (wide > shown) faults.push(`${name}: ${kind} is ${wide} px wide in a window of ${NARROWEST} px`);
}

async function picture(page, path) {
  const size = await page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    height: document.documentElement.scrollHeight,
  }));
  const clip = { x: 0, y: 0, width: size.width, height: Math.min(size.height, HIGHEST) };
  await page.screenshot({ path: OUT + path, fullPage: true, clip });
}

function index() {
  const rows = [...taken].sort().map(([kind, files]) => {
    const shown = files.map((file) => `<figure><img src="${file}" loading="lazy" alt=""><figcaption>${file}</figcaption></figure>`);
    return `<h2>${kind.replaceAll("<", "&lt;")}</h2><div>${shown.join("")}</div>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title>
<style>body{font:16px system-ui;background:#888}div{display:flex;gap:1rem;overflow-x:auto;align-items:start}figure{margin:0;flex:none}img{height:36rem;border:1px solid}figcaption{font-size:12px}</style>
${rows.join("\n")}</html>`;
}
