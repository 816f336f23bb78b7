// Opens Debian's Chromium. Each visitor is a context of its own: no cookie is shared.
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";

const HIGHEST_SHOT = 3_000;
const LONGEST_WAIT_MS = 20_000;
const SHOTS = new URL("../shots/", import.meta.url).pathname;

const visitors = new Set();

// Everything that would look for a server of the browser's own maker is off, so a closed network is no trouble.
export const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

export function openBrowser() {
  const asRoot = process.getuid() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: asRoot ? [...QUIET, "--no-sandbox"] : QUIET,
  });
}

// `options` are the context's: `{ javaScriptEnabled: false }`, `{ colorScheme: "dark" }`.
export async function newVisitor(browser, address, options = {}) {
  const context = await browser.newContext({
    baseURL: address,
    locale: "en-GB",
    timezoneId: "Europe/London",
    ...options,
  });
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const page = await context.newPage();
  visitors.add(page);
  page.on("close", () => visitors.delete(page));
  return page;
}

// What each visitor has before them, for the message of a step that failed.
export async function whereabouts() {
  const seen = Array.from(visitors, async (page) => {
    const headings = await page.locator("h1").allInnerTexts().catch(() => ["no page"]);
    return `${page.url()}: ${headings.join(", ")}`;
  });
  return (await Promise.all(seen)).join("\n");
}

// The smallest telephone that staff are likely to carry.
export async function phone(page) {
  await page.setViewportSize({ width: 360, height: 740 });
}

// Nothing may stick out to the right: at 320 px wide (400 % zoom on a laptop) one scrolls one way only.
export async function fitsAcross(page) {
  const { wide, shown } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    shown: document.documentElement.clientWidth,
  }));
  if (wide > shown) throw new Error(`${page.url()} is ${wide} px wide in a window of ${shown} px`);
}

// A whole policy would be a picture of seventy thousand pixels: nobody looks at more than its head.
export async function shot(page, name) {
  await mkdir(SHOTS, { recursive: true });
  const clip = await page.evaluate((highest) => {
    const { scrollHeight, clientWidth } = document.documentElement;
    return { x: 0, y: 0, width: clientWidth, height: Math.min(scrollHeight, highest) };
  }, HIGHEST_SHOT);
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true, clip });
}
