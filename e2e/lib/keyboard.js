// Hands that have only a keyboard: what these cannot reach, a keyboard user cannot reach.
const MOST_TABS = 200;
const MOST_ANSWERS = 20;

// Every control is reached with Tab from where the focus stands, and must show that it has the focus.
export function keyboardOnly(page) {
  return {
    async reach(control) {
      await control.waitFor();
      for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
        if (await control.evaluate((element) => element === document.activeElement)) {
          return showsFocus(control);
        }
        await page.keyboard.press("Tab");
      }
      throw new Error(`${control} is not reached by ${MOST_TABS} presses of Tab on ${page.url()}`);
    },
    async type(control, text) {
      await this.reach(control);
      await page.keyboard.press("Control+a");
      await page.keyboard.type(text);
    },
    // Tab comes to one radio button of a group; the arrow keys go from there to the others.
    async choose(radio) {
      const group = `input[type=radio][name="${await radio.getAttribute("name")}"]`;
      const chosen = page.locator(`${group}:checked`);
      await this.reach((await chosen.count()) > 0 ? chosen : page.locator(group).first());
      for (let steps = 0; steps < MOST_ANSWERS; steps += 1) {
        if (await radio.evaluate((element) => element === document.activeElement)) break;
        await page.keyboard.press("ArrowDown");
      }
      await this.press(radio, " ");
    },
    // Enter follows a link and presses a button; " " ticks a box and chooses a radio button.
    async press(control, key = "Enter") {
      await this.reach(control);
      await page.keyboard.press(key);
    },
  };
}

async function showsFocus(control) {
  const shown = await control.evaluate((element) => {
    // A radio button or tick box may draw its ring on the label beside it.
    const drawn = [
      getComputedStyle(element),
      getComputedStyle(element, "::before"),
      ...Array.from(element.labels ?? [], (label) => getComputedStyle(label, "::before")),
    ];
    const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return drawn.some((style) => ring(style) || style.boxShadow !== "none");
  });
  if (!shown) throw new Error(`${control} has the keyboard focus and does not show it`);
}
