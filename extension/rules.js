// The browser's own rules, made from what the school gives: they act before a request leaves, without this program.
import { isBelow } from "./addresses.js";

// A browser takes 5,000 rules that redirect. Further addresses are watched by the worker, a moment later.
const MOST_REDIRECTS = 4_900;
// What the browser's patterns would read as a sign of theirs.
const PATTERN = /[*^|]|[^\x21-\x7e]/;
const PAGES = ["main_frame", "sub_frame"];
const PRIORITY = { address: 10, open: 20, safe: 25, denied: 30 };

export function blockedPage(word, category, address) {
  return `/blocked.html?${new URLSearchParams({ word, category, address })}`;
}

// What the school judged itself, as it holds now.
export function ownNow(given, now) {
  const holds = ({ from, until }) => (from === null || from <= now) && (until === null || now < until);
  const own = given.own.filter(holds);
  const names = (open) => own.filter((entry) => entry.open === open).map((entry) => entry.name);
  return { open: names(true), denied: names(false) };
}

export function rulesOf(given, now) {
  const rules = [];
  const add = (priority, action, condition) => rules.push({ id: rules.length + 1, priority, action, condition });
  const redirect = (path) => ({ type: "redirect", redirect: { extensionPath: path } });
  const { open, denied } = ownNow(given, now);
  const opened = new Set(open);
  // The more precise name goes before, as in the resolver.
  for (const name of denied) {
    const excluded = open.filter((other) => other !== name && other.endsWith(`.${name}`));
    const condition = { requestDomains: [name], resourceTypes: PAGES };
    if (excluded.length > 0) condition.excludedRequestDomains = excluded;
    if (!opened.has(name)) add(PRIORITY.denied, redirect(blockedPage("denied", "", name)), condition);
  }
  if (open.length > 0) add(PRIORITY.open, { type: "allow" }, { requestDomains: open, resourceTypes: PAGES });
  for (const rule of safeSearch(given)) add(PRIORITY.safe, rule.action, rule.condition);
  for (const [address, category] of given.addresses) {
    if (rules.length >= MOST_REDIRECTS) break;
    if (!isPlain(address) || isBelow(address.split("/", 1)[0], opened)) continue;
    const condition = { urlFilter: `||${address}^`, resourceTypes: PAGES };
    add(PRIORITY.address, redirect(blockedPage("listed", category, address)), condition);
  }
  return rules;
}

// Whether a rule of the browser can say this address.
export function isPlain(address) {
  return !PATTERN.test(address);
}

function* safeSearch(given) {
  if (given.safe_search) {
    for (const { names, paths, safe } of given.engines) {
      if (safe.length === 0) continue;
      const addOrReplaceParams = safe.map(([key, value]) => ({ key, value }));
      const path = paths.map((one) => one.replace(/[/.]/g, "\\$&")).join("|");
      yield {
        action: { type: "redirect", redirect: { transform: { queryTransform: { addOrReplaceParams } } } },
        condition: {
          requestDomains: names,
          regexFilter: `^https?://[^/]+(${path})\\?`,
          resourceTypes: PAGES,
        },
      };
    }
  }
  if (given.youtube !== "off") {
    const youtube = given.engines.find((engine) => engine.key === "youtube");
    const value = given.youtube === "strict" ? "Strict" : "Moderate";
    yield {
      action: { type: "modifyHeaders", requestHeaders: [{ header: "YouTube-Restrict", operation: "set", value }] },
      condition: {
        requestDomains: youtube?.names ?? ["youtube.com"],
        resourceTypes: [...PAGES, "xmlhttprequest", "script", "media", "other"],
      },
    };
  }
}
