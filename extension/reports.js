// What the school is told: pages that were stopped, searches and addresses that matched, and nothing else. What cannot be sent
// waits on the device, a day at most.

const MOST_WAITING = 200;
const MOST_AT_ONCE = 100;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

let sending;

export async function report(managed, event) {
  const { waiting = [] } = await chrome.storage.local.get("waiting");
  waiting.push({ ...event, at: Date.now() });
  await chrome.storage.local.set({ waiting: waiting.slice(-MOST_WAITING) });
  await send(managed);
}

// One at a time, or something would be sent twice.
export async function send(managed) {
  sending = (sending ?? Promise.resolve()).then(() => sendNow(managed)).catch(() => undefined);
  await sending;
}

async function sendNow(managed) {
  const { waiting = [] } = await chrome.storage.local.get("waiting");
  const events = waiting.filter(({ at }) => Date.now() - at < LONGEST_WAIT_MS).slice(0, MOST_AT_ONCE);
  if (events.length === 0) return;
  const answer = await fetch(`${managed.server}/extension/events`, {
    method: "POST",
    headers: { Authorization: `Bearer ${managed.token}`, "Content-Type": "application/json" },
    credentials: "omit",
    body: JSON.stringify({ device: managed.device, who: await who(managed), events }),
  });
  // Whoever is asked to come later, or meets a server in trouble, tries again; what was refused would be again.
  if (answer.status === 429 || answer.status >= 500) return;
  const sent = new Set(events.map((event) => JSON.stringify(event)));
  const { waiting: now = [] } = await chrome.storage.local.get("waiting");
  await chrome.storage.local.set({ waiting: now.filter((event) => !sent.has(JSON.stringify(event))) });
}

// Who is signed in to the browser, where the address is one of the school's own; else nobody is named.
async function who({ domain }) {
  if (!domain) return "";
  const { email = "" } = await chrome.identity.getProfileUserInfo({ accountStatus: "ANY" });
  return email.toLowerCase().endsWith(`@${domain.toLowerCase()}`) ? email : "";
}
