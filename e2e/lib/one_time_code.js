// The six figures that an authenticator app would show (RFC 6238: SHA-1, 30 seconds).
import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const spent = new Map();

export function codeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return `${number % 1_000_000}`.padStart(6, "0");
}

// A code is accepted once, so a second one within the same half minute is that of the next step,
// which a server that allows for clocks one step apart accepts.
export function nextCode(secret, now = Date.now()) {
  const step = Math.max(Math.floor(now / STEP_MS), (spent.get(secret) ?? -1) + 1);
  spent.set(secret, step);
  return codeAt(secret, step);
}

function base32(text) {
  const letters = text.replace(/[=\s]/g, "").toUpperCase();
  const bits = Array.from(letters, (letter) => {
    const value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
    if (value < 0) throw new Error(`"${letter}" is not a letter of base 32`);
    return value.toString(2).padStart(5, "0");
  }).join("");
  const whole = bits.match(/.{8}/g) ?? [];
  return Buffer.from(whole.map((byte) => parseInt(byte, 2)));
}
