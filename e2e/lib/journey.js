// A journey is a row of steps: where one fails, those that build on it are not tried.
import { it } from "node:test";
import { whereabouts } from "./browser.js";

export function journey() {
  let failed;
  return function step(name, walk) {
    it(name, async (test) => {
      if (failed) return test.skip(`“${failed}” failed`);
      try {
        await walk(test);
      } catch (error) {
        failed = name;
        throw new Error(`${error.message}\nThe visitors are at\n${await whereabouts()}`, { cause: error });
      }
    });
  };
}
