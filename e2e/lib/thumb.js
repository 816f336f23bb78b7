// A hand that holds a telephone: it can only touch and type, and counts what it has to do.
export const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

export function thumb(page) {
  let acts = 0;
  return {
    async tap(control) {
      acts += 1;
      await control.tap();
    },
    async type(field, words) {
      acts += 1;
      await field.tap();
      await page.keyboard.type(words);
    },
    acts: () => acts,
  };
}
