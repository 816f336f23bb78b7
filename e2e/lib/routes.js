// The program's own list of its addresses, so that pages of one kind (`/people/7` and `/people/8`)
// are known to be of one kind.
import { execFileSync } from "node:child_process";
import { BELISHA } from "./program.js";

const IN_BRACES = /^\{(\*?)[a-z_]+\}$/;

export function pages() {
  const printed = execFileSync(BELISHA, ["routes"], { encoding: "utf8" });
  const lines = printed.matchAll(/^GET\s+(\S+)\s+(\S+)$/gm);
  return Array.from(lines, ([, pattern, needs]) => ({ pattern, needs }));
}

// Where two patterns fit (`/people/new` and `/people/{id}`), the plainer one is meant.
export function kindOf(path, among) {
  const fitting = among.map(({ pattern }) => pattern).filter((pattern) => fits(path, pattern));
  const openings = (pattern) => pattern.split("{").length;
  return fitting.sort((a, b) => openings(a) - openings(b))[0] ?? path;
}

function fits(path, pattern) {
  const [given, wanted] = [path.split("/"), pattern.split("/")];
  const rest = wanted.some((part) => IN_BRACES.exec(part)?.[1] === "*");
  if (rest ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, at) => IN_BRACES.test(part) || part === given[at]);
}
