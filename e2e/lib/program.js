// Starts and stops the program under test: a free port, a fresh data folder, and no fixed waits.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

export const BELISHA =
  process.env.BELISHA_BIN ?? new URL("../../target/debug/belisha", import.meta.url).pathname;
const execute = promisify(execFile);
const HEALTH = "/healthz";
const LONGEST_START_MS = 180_000;
const LONGEST_STOP_MS = 15_000;

// A made-up school under one of the two policies ("junior", "primary"), opened for sign-in.
// Its people stand in `demo.json` in the folder. It is made once for this program; each journey has a copy.
export async function startSchool({ pack = "junior", pupils = 30, years = 1, seed = 1 } = {}) {
  const made = await madeUp({ pack, pupils, years, seed });
  return startProgram(async ({ scratch, folder, port }) => {
    await cp(made, scratch, { recursive: true });
    const address = `http://localhost:${port}`;
    return [BELISHA, "serve", "--data", folder, "--listen", `127.0.0.1:${port}`, "--address", address];
  });
}

// The folder that holds this school's `school` and its key files. Two journeys that ask for it at the
// same time both make it, and the first that is done is kept.
async function madeUp(plan) {
  const { mtimeMs, size } = await stat(BELISHA);
  const key = [Math.round(mtimeMs), size, ...Object.values(plan)].join("-");
  const made = join(tmpdir(), `belisha-made-up-${key}`);
  if (await stat(made).catch(() => undefined)) return made;
  const fresh = await mkdtemp(join(tmpdir(), "belisha-making-"));
  const options = Object.entries(plan).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  await execute(BELISHA, ["demo", "--no-serve", "--data", join(fresh, "school"), ...options]);
  await rename(fresh, made).catch(() => rm(fresh, { recursive: true, force: true }));
  return made;
}

// A server as a real school first meets it: nothing set up yet. `said()` has the console's one-time code.
export function startEmpty() {
  return startProgram(({ folder, port }) => [
    BELISHA,
    "serve",
    ...["--data", folder, "--listen", `127.0.0.1:${port}`],
  ]);
}

// `command` is given a fresh place, the folder of the records in it and a free port, and answers with the program and its arguments.
// The address says `localhost`, because browsers take that name, and not the number, for a safe place.
export async function startProgram(command) {
  // Key files stand beside the folder of the records, so both are put into one that is thrown away.
  const scratch = await mkdtemp(join(tmpdir(), "belisha-journey-"));
  const folder = join(scratch, "school");
  await mkdir(folder);
  const port = await freePort();
  const [program, ...args] = await command({ scratch, folder, port });
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  let over = false;
  const ended = new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
    child.on("error", (error) => resolve(error.message));
  }).finally(() => (over = true));

  const address = `http://localhost:${port}`;
  const running = { address, folder, said: () => said, stop: () => stop(child, ended, scratch) };
  const trouble = await Promise.race([ended, healthy(address, () => over)]);
  if (trouble !== undefined) {
    await running.stop();
    throw new Error(`${program} did not start: ${trouble}\n${said}`);
  }
  return running;
}

async function healthy(address, over) {
  const deadline = Date.now() + LONGEST_START_MS;
  while (!over() && Date.now() < deadline) {
    const answer = await fetch(address + HEALTH).catch(() => undefined);
    if (answer?.ok) return undefined;
    await pause(50);
  }
  return `no answer at ${HEALTH} within ${LONGEST_START_MS / 1000} seconds`;
}

async function stop(child, ended, scratch) {
  const alive = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (alive) {
    child.kill("SIGTERM");
    const giveUp = new AbortController();
    const late = pause(LONGEST_STOP_MS, "late", { signal: giveUp.signal }).catch(() => undefined);
    const end = await Promise.race([ended, late]);
    giveUp.abort();
    if (end === "late") {
      child.kill("SIGKILL");
      throw new Error(`the program did not stop within ${LONGEST_STOP_MS / 1000} seconds`);
    }
  }
  await rm(scratch, { recursive: true, force: true });
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}
