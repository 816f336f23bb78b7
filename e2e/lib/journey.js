// A journey is a row of steps: where one fails, those that build on it are not tried, unless
// each stands alone.
import { it } from "node:test";
import { whereabouts } from "./browser.js";

export function journey({ standAlone = false } = {}) {
  let failed;
  return function step(name, walk) {
    it(name, async (test) => {
      if (failed && !standAlone) return test.skip(`“${failed}” failed`);
      try {
        await walk(test);
      } catch (error) {
        failed = name;
        throw new Error(`${error.message}\nThe visitors are at\n${await whereabouts()}`, { cause: error });
      }
    });
  };
}
