// From the page that enrols devices to the alert that the lead reads: a real school, and Chromium as its management
// sets it. Where this machine lets us give Chromium a policy of its own, a browser installs the package from the
// school; what the extension does is seen in one that loads it unpacked, with the same settings.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import { axeClean } from "../lib/accessibility.js";
import { fitsAcross, openBrowser, phone, shot } from "../lib/browser.js";
import { applied, manage, openBrowserWith, renewNow, startWeb, until } from "../lib/extension.js";
import { journey } from "../lib/journey.js";
import { arrive, holderOf } from "../lib/people.js";
import { startSchool } from "../lib/program.js";

const execute = promisify(execFile);
const POLICIES = "/etc/chromium";

describe("the browser extension of a school", () => {
  const step = journey();
  let school, people, technician, lead, web, policy, scratch, device;
  const devices = [];
  before(async () => {
    school = await startSchool();
    people = await openBrowser();
    web = await startWeb();
    scratch = await mkdtemp(join(tmpdir(), "belisha-managed-"));
  });
  after(async () => {
    await device?.stop();
    await people?.close();
    await web?.stop();
    await school?.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  step("the network manager enrols devices and gets the files", async () => {
    technician = await arrive(people, school, await holderOf(school, "network-manager"));
    await technician.goto("/filter/extension");
    await axeClean(technician);
    await shot(technician, "extension-none");
    await technician.getByRole("button", { name: "Enrol devices" }).click();
    await technician.getByLabel("Which devices?").fill("Year 3 laptops");
    await technician.getByLabel("pupils", { exact: true }).check();
    await axeClean(technician);
    await technician.getByRole("button", { name: "Make the files" }).click();
    await technician.getByRole("heading", { level: 1, name: "Files for Year 3 laptops" }).waitFor();
    await axeClean(technician);
    await shot(technician, "extension-files");
    await phone(technician);
    await fitsAcross(technician);
    await shot(technician, "extension-files-phone");
    const download = technician.waitForEvent("download");
    await technician.getByRole("link", { name: "Keep belisha-linux.json" }).click();
    const stream = await (await download).createReadStream();
    let text = "";
    for await (const part of stream) text += part;
    policy = JSON.parse(text);
  });

  step("a device takes them up", async () => {
    const [settings] = Object.values(policy["3rdparty"].extensions);
    const chromium = await managedChromium(scratch, policy);
    if (chromium) {
      await installsByPolicy(chromium, join(scratch, "profile"), async () => {
        await technician.goto("/filter/extension");
        return (await technician.getByText("1 device this week").count()) > 0;
      });
      devices.push("installed by policy");
    }
    device = await openBrowserWith({ web });
    await manage(device.worker, settings);
    await renewNow(device.worker);
    await until("the school's settings", async () => (await applied(device.worker)).includes(" pupils "));
    devices.push("loaded unpacked");
  });

  step("a search that worries is an alert, and the lead reads it", async () => {
    await device.page.goto("https://www.google.com/search?q=how+many+pandas+are+there");
    await device.page.goto("https://www.google.com/search?q=i+want+to+die");
    lead = await arrive(people, school, await holderOf(school, "designated-safeguarding-lead"));
    const alert = lead.getByRole("link", { name: "Words that worry" }).first();
    await until("the alert", async () => {
      await lead.goto("/filter/alerts");
      return (await alert.count()) > 0;
    });
    await shot(lead, "extension-alerts");
    await alert.click();
    await lead.getByText("“i want to die” on Google").waitFor();
    await axeClean(lead);
    await shot(lead, "extension-alert");
    assert.equal(await lead.getByText("pandas").count(), 0);
  });

  step("the page says that the device was heard of", async () => {
    await technician.setViewportSize({ width: 1280, height: 800 });
    await technician.goto("/filter/extension");
    const many = devices.length === 1 ? "1 device" : `${devices.length} devices`;
    await technician.getByText(`${many} this week`).waitFor();
    await axeClean(technician);
    await shot(technician, "extension-enrolled");
    await phone(technician);
    await fitsAcross(technician);
  });
});

// The browser fetches the package that the school signed, takes it, and the school hears of it.
async function installsByPolicy(chromium, profile, isHeardOf) {
  const asRoot = process.getuid() === 0 ? ["--no-sandbox"] : [];
  const quiet = ["--headless", "--disable-gpu", "--no-first-run", "--disable-component-update", "--disable-sync"];
  const browser = spawn(chromium, [...asRoot, ...quiet, `--user-data-dir=${profile}`, "about:blank"], { stdio: "ignore" });
  try {
    // A browser that starts cold on a busy machine fetches when it gets to it.
    await until("the installed extension", isHeardOf, 120_000);
  } finally {
    browser.kill();
    if (browser.exitCode === null && browser.signalCode === null) await once(browser, "exit");
  }
}

// A Chromium that sees a policy of its own: in a view of the file system that is private to it. None where this
// machine does not let us make one.
async function managedChromium(scratch, policy) {
  const folder = join(scratch, "policies", "managed");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "belisha.json"), JSON.stringify(policy));
  const program = join(scratch, "chromium");
  const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const inside = `mount -t tmpfs none ${POLICIES} && cp -r "${join(scratch, "policies")}" ${POLICIES}/ && exec "$0" "$@"`;
  await writeFile(program, `#!/bin/sh\nexec unshare --mount sh -c '${inside}' ${chromium} "$@"\n`);
  await chmod(program, 0o755);
  const works = await execute(program, ["--version"]).then(
    () => true,
    () => false,
  );
  return works ? program : undefined;
}
