// The device's own settings, which the school's management put there, and those that the school's server gives it.
import { opened } from "./signed.js";

const DEVICE = /^[A-Za-z0-9._-]{1,64}$/;
const LOCAL = new Set(["localhost", "127.0.0.1"]);

// Server, key, enrolment and group; none where the school has set nothing. What is managed cannot be changed by
// whoever uses the browser. Only a developer's own loaded copy takes them from elsewhere.
export async function management() {
  let set = await chrome.storage.managed.get().catch(() => ({}));
  if (!set.server) {
    const { installType } = await chrome.management.getSelf();
    if (installType !== "development") return undefined;
    set = (await chrome.storage.local.get("management")).management ?? {};
  }
  const { server, school_key: schoolKey, token, group, domain = "" } = set;
  if (!server || !schoolKey || !token || !group || !URL.canParse(server)) return undefined;
  const { protocol, hostname, origin } = new URL(server);
  // Settings and reports never travel in the clear.
  if (protocol !== "https:" && !LOCAL.has(hostname)) return undefined;
  const device = DEVICE.test(set.device ?? "") ? set.device : await drawn();
  return { server: origin, schoolKey, token, group, device, domain };
}

// The number that a device without a name draws for itself, once: whoever asks while it is drawn waits for the same.
let drawing;
function drawn() {
  drawing ??= draw();
  return drawing;
}

async function draw() {
  const { device } = await chrome.storage.local.get("device");
  if (device) return device;
  const fresh = `device-${crypto.randomUUID().slice(0, 13)}`;
  await chrome.storage.local.set({ device: fresh });
  return fresh;
}

// The last good settings, proved again; none before the first.
export async function given(managed) {
  const { kept } = await chrome.storage.local.get("kept");
  if (!kept || !managed) return undefined;
  return opened(kept, managed).catch(() => undefined);
}

// Asks the server; what is not signed, older, or another's is left where it is. Whether something new was taken.
export async function renew(managed) {
  const held = await given(managed);
  const headers = {
    Authorization: `Bearer ${managed.token}`,
    "Belisha-Device": managed.device,
    "Belisha-Version": chrome.runtime.getManifest().version,
  };
  if (held) headers["If-None-Match"] = `"${held.number}"`;
  const answer = await fetch(`${managed.server}/extension/settings`, { headers, credentials: "omit", cache: "no-store" });
  if (answer.status !== 200) return false;
  const text = await answer.text();
  const fresh = await opened(text, managed);
  if (held && fresh.number <= held.number) return false;
  await chrome.storage.local.set({ kept: text });
  return true;
}
