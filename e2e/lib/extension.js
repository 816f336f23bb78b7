// Opens Chromium with the browser extension, and the servers that it meets: a school of ours, whose settings the test
// signs, and one server for every website there is.
import { execFile } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { QUIET } from "./browser.js";

const execute = promisify(execFile);
const EXTENSION = new URL("../../extension/", import.meta.url).pathname;
const LONGEST_WAIT_MS = 20_000;
const WEDNESDAY_AT_TEN = Date.UTC(2026, 10, 25, 10);

// Every website: over HTTPS, whatever its name. `asked` holds what each request was for.
export async function startWeb() {
  const folder = await mkdtemp(join(tmpdir(), "belisha-web-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await execute("openssl", [...request, "-subj", "/CN=web", "-keyout", key, "-out", cert]);
  const asked = [];
  const server = createSecureServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
    asked.push({ host: request.headers.host, url: request.url, headers: request.headers });
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>A page of ${request.headers.host}</title><h1>A page of the web</h1>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    asked,
    port: server.address().port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// A school that signs what the test says. `told` holds what devices reported, `questions` what they asked.
export async function startSigner() {
  const ours = keyOf("belisha/school-of-the-test");
  const school = { told: [], questions: [], text: "", answer: { word: "allowed" }, schoolKey: ours.schoolKey };
  school.give = (settings) => (school.text = signed(ours, settings));
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    if (request.headers.authorization !== "Bearer belisha_device_test") return response.writeHead(403).end();
    if (request.url === "/extension/settings") return response.end(school.text);
    if (request.url === "/extension/question") {
      school.questions.push(JSON.parse(body).name);
      return response.setHeader("content-type", "application/json").end(JSON.stringify(school.answer));
    }
    const report = JSON.parse(body);
    school.told.push(...report.events.map((event) => ({ ...event, device: report.device, who: report.who })));
    return response.writeHead(204).end();
  });
  const listen = async (port) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address();
  school.address = `http://127.0.0.1:${port}`;
  school.stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((over) => server.close(over));
  };
  school.startAgain = () => listen(port);
  school.management = (group) => ({
    server: school.address,
    school_key: ours.schoolKey,
    token: "belisha_device_test",
    group,
    device: "laptop-17",
  });
  return school;
}

// A key as a school's verifier key is written.
export function keyOf(origin) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");
  const schoolKey = `${origin}+00000000+${Buffer.concat([Buffer.of(1), raw]).toString("base64")}`;
  return { origin, privateKey, schoolKey };
}

export function signed({ origin, privateKey }, settings) {
  const body = JSON.stringify({ ...settings, origin });
  const statement = Buffer.from(`belisha-statement\n${origin}\nextension-settings\n${body}`);
  return `belisha-extension-settings\n${origin}\n${sign(null, statement, privateKey).toString("base64")}\n\n${body}`;
}

// Chromium with a profile of its own. Every name leads to `web`, but for those in `nowhere`.
export async function openBrowserWith({ web, nowhere = [] }) {
  const profile = await mkdtemp(join(tmpdir(), "belisha-profile-"));
  const lost = nowhere.map((name) => `MAP ${name} ~NOTFOUND`);
  const rules = [...lost, `MAP * 127.0.0.1:${web.port}`, "EXCLUDE localhost", "EXCLUDE 127.0.0.1"];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"],
    ignoreHTTPSErrors: true,
    locale: "en-GB",
    args: [
      ...QUIET,
      ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
      "--ignore-certificate-errors",
      `--host-resolver-rules=${rules.join(", ")}`,
      `--load-extension=${EXTENSION}`,
      `--disable-extensions-except=${EXTENSION}`,
    ],
  });
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const isOurs = (worker) => worker.url().endsWith("/worker.js");
  const stop = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const worker =
      context.serviceWorkers().find(isOurs) ??
      (await context.waitForEvent("serviceworker", { predicate: isOurs, timeout: LONGEST_WAIT_MS }));
    // By the device's clock it is a Wednesday at ten.
    await at(worker, WEDNESDAY_AT_TEN);
    const page = context.pages()[0] ?? (await context.newPage());
    return { context, worker, page, stop };
  } catch (why) {
    await stop();
    throw why;
  }
}

// Sets the clock that the worker reads.
export async function at(worker, now) {
  await worker.evaluate((instant) => {
    const Real = globalThis.RealDate ?? Date;
    globalThis.RealDate = Real;
    const shift = instant - Real.now();
    globalThis.Date = class extends Real {
      constructor(...given) {
        if (given.length > 0) super(...given);
        else super(Real.now() + shift);
      }
      static now() {
        return Real.now() + shift;
      }
    };
  }, now);
}

// What the school's management would put there: a loaded copy takes it from here.
export async function manage(worker, management) {
  await worker.evaluate((set) => chrome.storage.local.set({ management: set, asked: 0 }), management);
}

// The worker asks its server now, and not within minutes.
export async function renewNow(worker) {
  await worker.evaluate(async () => {
    await chrome.storage.local.set({ asked: 0 });
    // The browser's alarms go by its own clock, whatever the worker reads.
    const now = (globalThis.RealDate ?? Date).now();
    await chrome.alarms.create("belisha", { when: now + 1, periodInMinutes: 1 });
  });
}

export async function until(what, isSo, longest = LONGEST_WAIT_MS) {
  const deadline = Date.now() + longest;
  for (;;) {
    const found = await isSo();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(50);
  }
}

// The number of the settings whose rules the browser follows.
export function applied(worker) {
  return worker.evaluate(async () => (await chrome.storage.local.get("applied")).applied ?? "");
}
