// A journey is a row of steps: where one fails, those that build on it are not tried.
import { it } from "node:test";

export function journey() {
  let failed;
  return function step(name, walk) {
    it(name, async (test) => {
      if (failed) return test.skip(`“${failed}” failed`);
      try {
        await walk(test);
      } catch (error) {
        failed = name;
        throw error;
      }
    });
  };
}
