// What the school signed: four lines, an empty one among them, then the text. The signature is over exact bytes and
// names its purpose, so that nothing else which the school signs could pass for settings.

const MAGIC = "belisha-extension-settings";
const PURPOSE = "extension-settings";
const ED25519 = 1;
const FORMAT = 1;

export class Refused extends Error {}

// The settings in a text, if the school of this key signed them for this group.
export async function opened(text, { schoolKey, group }) {
  const { origin, key } = readKey(schoolKey);
  const [magic, signer, signature, empty] = text.split("\n", 4);
  if (magic !== MAGIC || empty !== "") throw new Refused("this is no text of settings");
  if (signer !== origin) throw new Refused("another school signed it");
  const body = text.slice([magic, signer, signature, empty].join("\n").length + 1);
  const bytes = new TextEncoder().encode(`belisha-statement\n${origin}\n${PURPOSE}\n${body}`);
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  const isSigned = await crypto.subtle.verify({ name: "Ed25519" }, imported, fromBase64(signature), bytes);
  if (!isSigned) throw new Refused("the signature is not the school's");
  const given = JSON.parse(body);
  if (given.format !== FORMAT) throw new Refused("it is for another version of the extension");
  if (given.origin !== origin) throw new Refused("another school signed it");
  if (given.group !== group) throw new Refused("it is for another group");
  return given;
}

// A verifier key as the school's own pages print it: origin+number+base64.
function readKey(text) {
  const [origin, , ...rest] = text.split("+");
  const bytes = fromBase64(rest.join("+"));
  if (!origin || bytes.length !== 33 || bytes[0] !== ED25519) throw new Refused("the school's key cannot be read");
  return { origin, key: bytes.slice(1) };
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text ?? ""), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
