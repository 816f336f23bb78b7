// The page that stands where a stopped page would have been. Its words are the school's own, from the settings; what
// its address says of the site is only ever text.
import { given, management } from "./settings.js";

const SITE = "{site}";
const asked = new URLSearchParams(location.search);
const word = asked.get("word") ?? "";
const category = asked.get("category") ?? "";
const address = asked.get("address") ?? "";

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// The site stands out in its sentence.
function paragraph(text) {
  const made = document.createElement("p");
  const [before, ...after] = text.split(SITE);
  made.append(before);
  for (const part of after) made.append(element("strong", address || "This website"), part);
  return made;
}

function help({ title, says, lines }) {
  const section = element("section", "", { class: "help" });
  section.append(element("h2", title));
  if (says) section.append(element("p", says));
  const list = document.createElement("ul");
  for (const { words, phone, web } of lines) {
    const line = element("li", words);
    if (phone) line.append(" ", element("a", phone, { class: "tel", href: `tel:${phone.replaceAll(" ", "")}` }));
    if (web) line.append(" ", element("a", new URL(web).hostname.replace(/^www\./, ""), { href: web }));
    list.append(line);
  }
  section.append(list);
  return section;
}

async function show() {
  const settings = await given(await management());
  const said = settings?.blocked[category ? `${word}/${category}` : word];
  if (!said) return;
  document.body.className = settings.adults ? "adults" : "children";
  document.title = said.title;
  document.querySelector("h1").textContent = said.title;
  const words = document.querySelector("#words");
  words.replaceChildren(...said.paragraphs.map(paragraph));
  if (said.may_ask && settings.ask) {
    const query = new URLSearchParams({ name: address, group: settings.group });
    const link = element("a", "Ask for this site", { class: "button", href: `${settings.ask}?${query}` });
    const line = document.createElement("p");
    line.append(link);
    words.append(line);
  }
  if (said.help) words.append(help(said.help));
  if (settings.tell) {
    const line = element("p", "Is something worrying you? ");
    line.append(element("a", "Tell someone", { class: "button", href: settings.tell }));
    words.append(line);
  }
}

await show();
await chrome.runtime.sendMessage({ word, category, address }).catch(() => undefined);
