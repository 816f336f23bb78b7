// The extension's one program. It keeps the browser's rules as the school's settings say, looks at the addresses
// of pages and never at pages, and sleeps between.
import { covering, isBelow, split, wordsOf } from "./addresses.js";
import { searchOf } from "./engines.js";
import { isAtWork } from "./hours.js";
import { report, send } from "./reports.js";
import { blockedPage, isPlain, ownNow, rulesOf } from "./rules.js";
import { given, management, renew } from "./settings.js";
import { metBy } from "./words.js";

const TICK = "belisha";
const RENEW_MS = 5 * 60 * 1000;
// How a page fails that the resolver stopped.
const STOPPED = /^net::ERR_(NAME_NOT_RESOLVED|CONNECTION_|ADDRESS_|CERT_|SSL_|TUNNEL_|PROXY_|INVALID_RESPONSE|EMPTY_RESPONSE|TIMED_OUT)/;

// What holds now, held while the worker is awake. Whoever changes something begins it anew.
let state = load();
const seen = new Map();

async function load() {
  const managed = await management();
  const settings = await given(managed);
  if (!settings) return { managed };
  return {
    managed,
    settings,
    listed: new Map(settings.addresses),
    private: new Set(settings.private),
  };
}

// Only what is at work, and only pages that are nobody's own business.
async function atWork(href) {
  const held = await state;
  const page = split(href);
  if (!held.settings || !page || !isAtWork(held.settings, new Date())) return undefined;
  if (isBelow(page.host, held.private)) return undefined;
  return { ...held, page };
}

async function tick() {
  const { managed } = await state;
  if (managed) {
    const { asked = 0 } = await chrome.storage.local.get("asked");
    if (Math.abs(Date.now() - asked) >= RENEW_MS) await ask(managed);
    await send(managed);
  }
  await apply();
}

// The server may be away, and what it says may be refused: the last good settings hold.
async function ask(managed) {
  await chrome.storage.local.set({ asked: Date.now() });
  try {
    if (await renew(managed)) state = load();
    await chrome.storage.local.set({ trouble: "" });
  } catch (trouble) {
    await chrome.storage.local.set({ trouble: trouble.message });
  }
}

// Gives the browser the rules that hold now, where they are not those that it has.
async function apply() {
  const { settings } = await state;
  const now = new Date();
  const isNow = settings !== undefined && isAtWork(settings, now);
  const own = isNow ? JSON.stringify(ownNow(settings, now.getTime())) : "";
  const wanted = isNow ? `${settings.origin} ${settings.group} ${settings.number} ${own}` : "nothing";
  const { applied } = await chrome.storage.local.get("applied");
  if (applied === wanted) return;
  const before = await chrome.declarativeNetRequest.getDynamicRules();
  await chrome.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: before.map((rule) => rule.id),
    addRules: isNow ? rulesOf(settings, now.getTime()) : [],
  });
  await chrome.storage.local.set({ applied: wanted });
}

// What the browser's rules cannot say: further addresses, and addresses that are spelled in another way.
async function look({ frameId, tabId, url }) {
  if (frameId !== 0) return;
  const held = await atWork(url);
  if (!held) return;
  const found = covering(held.listed, held.page);
  if (!found) return;
  const { open } = ownNow(held.settings, Date.now());
  if (isBelow(held.page.host, new Set(open))) return;
  const ruled = await isRuled(found.address);
  if (ruled && url.toLowerCase().includes(found.address.toLowerCase())) return;
  await show(tabId, blockedPage("listed", found.category, found.address));
}

async function isRuled(address) {
  if (!isPlain(address)) return false;
  const rules = await chrome.declarativeNetRequest.getDynamicRules();
  return rules.some(({ condition }) => condition.urlFilter === `||${address}^`);
}

async function show(tabId, path) {
  await chrome.tabs.update(tabId, { url: chrome.runtime.getURL(path) }).catch(() => undefined);
}

// A search that is looked at, or the address of any other page, on the device. Whatever meets no watched word is
// forgotten here.
async function read({ frameId, tabId, url }) {
  if (frameId !== 0) return;
  const held = await atWork(url);
  if (!held || held.settings.words.length === 0) return;
  const found = searchOf(url, held.settings.engines);
  const said = found ? found.term : wordsOf(held.page);
  const key = `${found?.engine ?? held.page.host} ${said}`;
  if (seen.get(tabId) === key) return;
  seen.set(tabId, key);
  if (metBy(said, held.settings.words).length === 0) return;
  const { host, path } = held.page;
  await report(
    held.managed,
    found
      ? { kind: "term", engine: found.engine, term: found.term.slice(0, 200) }
      : { kind: "address", address: `${host}/${path}`.slice(0, 300) },
  );
}

// A page that did not load: the school is asked whether its filter stopped it, and of nothing else.
async function failed({ frameId, tabId, url, error }) {
  if (frameId !== 0 || !STOPPED.test(error)) return;
  const held = await atWork(url);
  if (!held || url.startsWith(held.managed.server)) return;
  const answer = await fetch(`${held.managed.server}/extension/question`, {
    method: "POST",
    headers: { Authorization: `Bearer ${held.managed.token}`, "Content-Type": "application/json" },
    credentials: "omit",
    body: JSON.stringify({ device: held.managed.device, name: held.page.host }),
  }).catch(() => undefined);
  if (!answer?.ok) return;
  const { word, category = "" } = await answer.json();
  if (word !== "allowed") await show(tabId, blockedPage(word, category, held.page.host));
}

// The block page says that it was shown. It is believed only of what is stopped.
async function shown({ word, category, address }) {
  const { settings, managed, listed } = await state;
  if (!settings) return;
  const isListed = word === "listed" && listed.get(address) === category;
  const isDenied = word === "denied" && ownNow(settings, Date.now()).denied.includes(address);
  if (!isListed && !isDenied) return;
  await report(managed, { kind: "blocked", address, word, category });
}

async function begin() {
  await chrome.alarms.create(TICK, { periodInMinutes: 1 });
  await chrome.storage.local.remove("applied");
  await tick();
}

chrome.runtime.onInstalled.addListener(begin);
chrome.runtime.onStartup.addListener(begin);
chrome.alarms.onAlarm.addListener(tick);
chrome.storage.onChanged.addListener((changes, area) => {
  if (area !== "managed" && !changes.management) return;
  state = load();
  void chrome.storage.local.remove("asked").then(tick);
});
chrome.webNavigation.onBeforeNavigate.addListener(look);
chrome.webNavigation.onCommitted.addListener(read);
chrome.webNavigation.onHistoryStateUpdated.addListener(read);
chrome.webNavigation.onErrorOccurred.addListener(failed);
chrome.runtime.onMessage.addListener((message, sender) => {
  if (sender.id === chrome.runtime.id && sender.frameId === 0) void shown(message);
});
