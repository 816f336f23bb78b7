// The made-up people of a demonstration school, and how one of them signs in.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { newVisitor } from "./browser.js";
import { nextCode } from "./one_time_code.js";

// Each is { name, posts, email, password, totp_secret }.
export async function peopleOf(school) {
  return JSON.parse(await readFile(join(school.folder, "demo.json"), "utf8")).people;
}

export async function holderOf(school, post) {
  const people = await peopleOf(school);
  const holder = people.find(({ posts }) => posts.includes(post));
  if (!holder) {
    const held = [...new Set(people.flatMap(({ posts }) => posts))].sort().join(", ");
    throw new Error(`nobody in demo.json holds "${post}"; the posts held are ${held}`);
  }
  return holder;
}

// Somebody who holds no post and does this work.
export async function working(school, as) {
  const people = await peopleOf(school);
  return people.find(({ posts, job_title }) => posts.length === 0 && job_title === as);
}

// The people as whom every page is looked at, each with how to find them.
const POSTS = [
  "online-safety-co-ordinator",
  "designated-safeguarding-lead",
  "headteacher",
  "chair-of-governors",
  "safeguarding-governor",
  "school-office",
  "network-manager",
  "data-protection-officer",
];
export async function cast(school) {
  const people = await peopleOf(school);
  const holders = POSTS.map((post) => [post, people.find(({ posts }) => posts.includes(post))]);
  const found = [["teacher", await working(school, "Teacher")], ...holders];
  return new Map(found.filter(([, person]) => person));
}

// Somebody whose name stands as not signed on the list of the agreement for staff, and who signs in
// with a password alone.
export async function unsigned(browser, school) {
  const headteacher = await arrive(browser, school, await holderOf(school, "headteacher"));
  await headteacher.goto("/agreements/staff");
  const owing = await headteacher.getByRole("row").filter({ hasText: /Not signed|Late/ }).allInnerTexts();
  await headteacher.context().close();
  const people = await peopleOf(school);
  const left = people.find(({ name, totp_secret }) => !totp_secret && owing.some((row) => row.includes(name)));
  if (!left) throw new Error(`nobody of demo.json owes a signature: ${owing}`);
  return left;
}

export async function signIn(page, person) {
  await page.goto("/sign-in");
  await page.getByLabel(/e-?mail/i).fill(person.email);
  await page.getByLabel(/^password/i).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  if (person.totp_secret) {
    await page.getByLabel(/code/i).fill(nextCode(person.totp_secret));
    await page.getByRole("button", { name: "Continue", exact: true }).click();
  }
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

// A browser of their own for somebody, signed in.
export async function arrive(browser, school, person, options) {
  const page = await newVisitor(browser, school.address, options);
  await signIn(page, person);
  return page;
}
