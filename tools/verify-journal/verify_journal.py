#!/usr/bin/env python3
"""Verifies a journal file: the second of two independent verifiers.

    verify_journal.py FILE --key KEY [--origin ORIGIN] [--slip SLIP]...

KEY is the verifier key that the school published; SLIP is a file that holds a journal
slip, or the slip itself. Needs Python 3.8 or newer and nothing else. The first line of
the answer is for scripts, the second for people. Exit code: 0 sound, 1 tampered,
2 cannot tell. The format is described in docs/journal-format.md.
"""

import argparse
import base64
import hashlib
import os
import re
import sys
from datetime import datetime, timedelta

LONGEST_LINE = 16 * 1024
LATEST_MS = 253370764799999  # the end of the year 9998
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32


class Tampered(Exception):
    def __init__(self, breach, line, sentence):
        super().__init__(sentence)
        self.breach, self.line = breach, line


class CannotTell(Exception):
    pass


# --- Ed25519, verification only (RFC 8032, section 5.1) -----------------------------
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z and x*y = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = NEUTRAL
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(data):
    """The point that these 32 bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def is_small(point):
    """Whether eight times the point is nothing: such a key fits signatures of any text."""
    return encode(times(8, point)) == encode(NEUTRAL)


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, text, signature):
    """Strict: s is the smallest it can be, and neither point is of small order."""
    r, s = decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if r is None or s >= ORDER or is_small(r):
        return False
    digest = hashlib.sha512(signature[:32] + encode(key) + text).digest()
    k = int.from_bytes(digest, "little") % ORDER
    return encode(times(s, BASE)) == encode(add(r, times(k, key)))


# --- The pinned key, and texts that have one exact form -----------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def from_base64(text, length):
    """The bytes, or None unless the text is their one exact spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    exact = len(data) == length and base64.b64encode(data).decode() == text
    return data if exact else None


def readable(at_ms):
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=at_ms)
    return moment.isoformat(timespec="milliseconds") + "Z"


def is_time(text):
    try:
        moment = datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    exact = moment.isoformat(timespec="milliseconds") + "Z" == text
    return exact and 1970 <= moment.year <= 9998


class Key:
    def __init__(self, text, origin):
        fields = text.strip().split("+", 2)
        data = from_base64(fields[2], 33) if len(fields) == 3 else None
        if not data or data[0] != 1 or not re.fullmatch(ORIGIN, fields[0]):
            raise CannotTell("This is not a verifier key. It must be copied whole.")
        self.origin, self.point = fields[0], decode(data[1:])
        self.id = sha256(self.origin.encode() + b"\n" + data)[:4]
        if self.id.hex() != fields[1] or self.point is None or is_small(self.point):
            raise CannotTell("The verifier key is damaged. It must be copied whole.")
        if origin not in (None, self.origin):
            raise CannotTell(f"The key is of {self.origin}, and not of {origin}.")

    def signed(self, size, root, time, signature):
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\ntime {time}\n"
        return is_signed(self.point, text.encode(), signature)


ORIGIN = r"[!-*,-~]{1,100}"
WORD = r"[a-z][a-z0-9-]{0,39}"
# No control characters, none that break a line or turn the direction of reading, no halves.
MARKS = r"\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
LETTER = rf"""(?:[^"\\{MARKS}]|\\["\\])"""
FACT = rf'"{WORD}":"{LETTER}{{0,200}}"'
HASH = "[0-9a-f]{64}"
NUMBER = "(?:0|[1-9][0-9]{0,19})"
TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"
ENTRY = re.compile(
    rf'{{"sequence":(?P<sequence>{NUMBER}),"time":"(?P<time>{TIME})","at":(?P<at>{NUMBER}),'
    rf'"clock":(?P<clock>{NUMBER}),'
    rf'"actor":"(?:person:[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|system:{WORD})",'
    r'"session":(?:null|"[A-Za-z0-9_-]{1,32}"),'
    r'"factor":"(?:none|password|second-factor|step-up)",'
    rf'"action":"{WORD}\.{WORD}","object":"{WORD}:[A-Za-z0-9._-]{{1,80}}",'
    rf'"facts":{{(?P<facts>(?:{FACT}(?:,{FACT}){{0,15}})?)}},'
    rf'"revision":(?:null|"{HASH}"),"result":"(?:done|refused)",'
    rf'"previous":"(?P<previous>{HASH})","payload":(?:null|"{HASH}")}}'
)
NOTE = re.compile(
    rf"(?P<origin>{ORIGIN})\n(?P<size>{NUMBER})\n(?P<root>[^\n]*)\ntime (?P<time>{TIME})\n\n"
    rf"— (?P<name>{ORIGIN}) (?P<signature>[^\n]*)\n"
)


def read_slip(text, key):
    """(size, root) of a slip: seven lines of 25 symbols and two check letters each."""
    if os.path.isfile(text):
        with open(text, encoding="utf-8", errors="replace") as file:
            text = file.read()
    words = text.split()
    code = "".join(words[words.index("1:"):] if "1:" in words else []).replace("-", "")
    if not code.isascii() or len(code) != 7 * 29:
        raise CannotTell("This is not a journal slip: it has seven lines, 1: to 7:.")
    code = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    number = 0
    for line in range(1, 8):
        label, symbols, check = re.match("(..)(.{25})(..)", code[29 * line - 29:29 * line]).groups()
        digest = sha256(f"belisha slip {line} {symbols}".encode())
        if label != f"{line}:" or check != SYMBOLS[digest[0] % 32] + SYMBOLS[digest[1] % 32]:
            raise CannotTell(f"Line {line} of the slip is mistyped. Compare it with the paper.")
        for symbol in symbols:
            if symbol not in SYMBOLS:
                raise CannotTell(f"Line {line} of the slip has a letter that no slip has.")
            number = number * 32 + SYMBOLS.index(symbol)
    data = (number >> 3).to_bytes(109, "big")
    size, at_ms = int.from_bytes(data[1:7], "big"), int.from_bytes(data[7:13], "big")
    if number & 7 or data[0] != 1 or at_ms > LATEST_MS:
        raise CannotTell("This is not a journal slip.")
    if not key.signed(size, data[13:45], readable(at_ms), data[45:]):
        raise CannotTell("The slip was not signed with the key given for this journal.")
    return size, data[13:45]


# --- The journal --------------------------------------------------------------------


class Journal:
    """What one must remember while reading: as much for a long file as for a short one."""

    def __init__(self, key, slips):
        self.key, self.slips = key, sorted(slips, reverse=True)
        self.line = self.size = self.checkpoints = self.slips_agreed = self.steps_back = 0
        self.last, self.at, self.proven, self.frontier = bytes(32), 0, None, []

    def root(self):
        root = None
        for left in reversed(self.frontier):
            root = left if root is None else sha256(b"\x01" + left + root)
        return sha256(b"") if root is None else root

    def fail(self, breach, sentence, after=0):
        raise Tampered(breach, self.line + after, sentence)

    def read_line(self, file):
        """The next line without its end, or None after the last."""
        data = file.readline(LONGEST_LINE + 1)
        if data and not data.endswith(b"\n"):
            if self.line == 0:
                raise CannotTell("This is not a journal file.")
            if len(data) > LONGEST_LINE:
                self.fail("form", "This line is longer than any line of a journal.", 1)
            self.fail("cut-short", "The file ends in the middle: it was cut short.", 1)
        self.line += bool(data)
        # Bytes that are no text become half letters, which no form below allows.
        return data[:-1].decode("utf-8", "surrogateescape") if data else None

    def need_line(self, file):
        line = self.read_line(file)
        if line is None:
            self.fail("cut-short", "The file ends in the middle: it was cut short.", 1)
        return line

    def verify(self, file):
        if self.read_line(file) != "belisha-journal 1":
            raise CannotTell("This is not a journal file, or one for a newer verifier.")
        if self.need_line(file) != self.key.origin:
            raise CannotTell(f"The file is not of {self.key.origin}, of which the key is.")
        self.compare_slips()
        while (line := self.read_line(file)) is not None:
            if line == "":
                self.checkpoint("".join(self.need_line(file) + "\n" for _ in range(6)))
            elif line.startswith("{"):
                self.entry(line)
                self.compare_slips()
            else:
                self.fail("form", "This line is neither an entry nor a checkpoint.")
        if self.proven is None or self.proven < self.size:
            self.fail("unproven", "The file ends without a signed checkpoint for its last "
                      "entries: it was cut short, or they were added.", 1)
        if self.slips:
            self.fail("rolled-back", f"The file ends after {self.size} entries, but a slip "
                      f"shows that there were {self.slips[0][0]}.", 1)

    def entry(self, line):
        entry = ENTRY.fullmatch(line)
        facts = re.findall(rf"(?:^|,)({FACT})", entry["facts"]) if entry else []
        keys = [fact.split('"')[1] for fact in facts]
        at = int(entry["at"]) if entry else 0
        if not entry or keys != sorted(set(keys)) or at > LATEST_MS or int(entry["clock"]) >= 2**53:
            self.fail("entry", "This entry is not written as a journal writes it.")
        if entry["time"] != readable(at):
            self.fail("time", "The readable time and the time in milliseconds differ.")
        if int(entry["sequence"]) != self.size:
            self.fail("sequence", f"Entry {entry['sequence']} stands where entry {self.size} "
                      "belongs: an entry was taken out, put in or moved.")
        if entry["previous"] != self.last.hex():
            self.fail("link", "This entry does not continue the one before it: "
                      "one of the two was changed.")
        self.steps_back += at < self.at
        self.at = at
        root = self.last = sha256(b"\x00" + line.encode())
        size = self.size
        while size & 1:
            root, size = sha256(b"\x01" + self.frontier.pop() + root), size >> 1
        self.frontier.append(root)
        self.size += 1

    def checkpoint(self, note):
        parts = NOTE.fullmatch(note)
        root = from_base64(parts["root"], 32) if parts else None
        signature = from_base64(parts["signature"], 68) if parts else None
        if root is None or signature is None or not is_time(parts["time"]):
            self.fail("form", "The six lines up to here are not a checkpoint.")
        if parts["origin"] != self.key.origin:
            self.fail("origin", "The checkpoint above is of another journal.")
        if parts["name"] != self.key.origin or signature[:4] != self.key.id:
            self.fail("key", "The checkpoint above is signed with another key.")
        if not self.key.signed(parts["size"], root, parts["time"], signature[4:]):
            self.fail("signature", "The signature does not fit the checkpoint.")
        if int(parts["size"]) != self.size:
            self.fail("size", f"The checkpoint was signed over {parts['size']} entries, but "
                      f"{self.size} stand above it.")
        if root != self.root():
            self.fail("root", "The checkpoint was signed over other entries than those above "
                      "it: at least one was changed.")
        self.proven = self.size
        self.checkpoints += 1

    def compare_slips(self):
        while self.slips and self.slips[-1][0] == self.size:
            if self.slips.pop()[1] != self.root():
                self.fail("forked", f"The first {self.size} entries are not those that a slip "
                          "shows: two different stories were signed.")
            self.slips_agreed += 1


def main():
    parser = argparse.ArgumentParser(description="Verifies a journal file.")
    parser.add_argument("file")
    parser.add_argument("--key", required=True)
    parser.add_argument("--origin")
    parser.add_argument("--slip", action="append", default=[])
    given = parser.parse_args()
    try:
        key = Key(given.key, given.origin)
        journal = Journal(key, [read_slip(slip, key) for slip in given.slip])
        with open(given.file, "rb") as file:
            journal.verify(file)
    except Tampered as found:
        print(f"tampered {found.breach} {found.line}\nThe journal has been tampered with. {found}")
        return 1
    except Exception as why:  # Whatever goes wrong here, nothing has been shown.
        print(f"cannot-tell\nNothing can be said about the journal. {why}")
        return 2
    print(f"sound entries={journal.size} checkpoints={journal.checkpoints} "
          f"slips={journal.slips_agreed} steps-back={journal.steps_back}")
    print("The journal is sound: every entry is in its place, unchanged, and signed for.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
