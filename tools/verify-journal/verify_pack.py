#!/usr/bin/env python3
"""Verifies a pack that left a school: the second of two independent verifiers.

    verify_pack.py FILE --key KEY

FILE is the zip file that was in the pack (open the .age file with the age tool first); KEY is
the verifier key of the school's journal. Needs Python 3.8 or newer and nothing else. Exit code:
0 sound, 1 changed, 2 cannot tell. What is in a pack stands in its README.txt.
"""

import argparse
import hashlib
import json
import sys
import zipfile

from verify_journal import ENTRY, NOTE, CannotTell, Key, from_base64, is_time, sha256

LARGEST = 512 * 1024 * 1024


class Changed(Exception):
    pass


def included(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2: whether the path leads from the leaf to the root."""
    if index >= size:
        return False
    node, last, here = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            here = sha256(b"\x01" + step + here)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            here = sha256(b"\x01" + here + step)
        node, last = node >> 1, last >> 1
    return last == 0 and here == root


def proved_entries(text, key, origin_key):
    """The entries of journal.json, each shown to stand in the journal of this key."""
    lines = json.loads(text)
    if lines.get("format") != "belisha-lines 1":
        raise CannotTell("journal.json is of another form.")
    if lines["verifier_key"] != origin_key:
        raise CannotTell("The pack names another journal key than the one given.")
    note = NOTE.fullmatch(lines["checkpoint"])
    root = from_base64(note["root"], 32) if note else None
    signature = from_base64(note["signature"], 68) if note else None
    if root is None or signature is None or not is_time(note["time"]):
        raise Changed("The checkpoint is not written as a journal writes it.")
    if note["origin"] != key.origin or note["name"] != key.origin or signature[:4] != key.id:
        raise Changed("The checkpoint is of another journal.")
    if not key.signed(note["size"], root, note["time"], signature[4:]):
        raise Changed("The signature does not fit the checkpoint.")
    entries = []
    for number, line in enumerate(lines["lines"], 1):
        entry = ENTRY.fullmatch(line["entry"])
        if not entry:
            raise Changed(f"Line {number} is not written as a journal writes it.")
        leaf = sha256(b"\x00" + line["entry"].encode())
        path = [bytes.fromhex(step) for step in line["inclusion"]]
        if not included(leaf, int(entry["sequence"]), int(note["size"]), path, root):
            raise Changed(f"Line {number} does not stand in the journal that was signed.")
        entries.append(json.loads(line["entry"]))
    return entries


def verify(pack, key, key_text):
    names = pack.namelist()
    if len(names) != len(set(names)):
        raise Changed("A part stands in the pack twice.")
    if sum(info.file_size for info in pack.infolist()) > LARGEST:
        raise CannotTell("The pack is larger than any pack is.")
    manifest_text = pack.read("manifest.json")
    manifest = json.loads(manifest_text)
    if manifest.get("format") != "belisha-pack 1":
        raise CannotTell("manifest.json is of another form.")
    entries = proved_entries(pack.read("journal.json"), key, key_text)
    making = [
        entry
        for entry in entries
        if entry["action"] == "export.made" and entry["facts"].get("export") == manifest["number"]
    ]
    if not making:
        raise Changed("No line of the journal speaks of the making of this pack.")
    if making[0]["revision"] != hashlib.sha256(manifest_text).hexdigest():
        raise Changed("manifest.json is not the one that the journal commits to.")
    expected = {"README.txt", "manifest.json", "journal.json"}
    for content in manifest["contents"]:
        expected.add(content["name"])
        if content["name"] not in names:
            raise Changed(f"{content['name']} is missing.")
        data = pack.read(content["name"])
        if hashlib.sha256(data).hexdigest() != content["sha256"]:
            raise Changed(f"{content['name']} was changed.")
        if content["file"]:
            salt = bytes.fromhex(content["file"]["salt"])
            word = hashlib.sha256(b"belisha/v1/file-content\0" + salt + data).hexdigest()
            if not any(
                entry["action"] == "file.added"
                and entry["facts"].get("file") == content["file"]["id"]
                and entry["revision"] == word
                for entry in entries
            ):
                raise Changed(f"{content['name']} is not the file that was added to the case.")
    for name in names:
        if name not in expected:
            raise Changed(f"{name} does not belong to the pack.")
    return len(manifest["contents"]), len(entries)


def main():
    parser = argparse.ArgumentParser(description="Verifies a pack that left a school.")
    parser.add_argument("file")
    parser.add_argument("--key", required=True)
    given = parser.parse_args()
    try:
        key = Key(given.key, None)
        with zipfile.ZipFile(given.file) as pack:
            parts, lines = verify(pack, key, given.key.strip())
    except Changed as found:
        print(f"changed\n{found}")
        return 1
    except Exception as why:  # Whatever goes wrong here, nothing has been shown.
        print(f"cannot-tell\nNothing can be said about the pack. {why}")
        return 2
    print(f"sound parts={parts} lines={lines}")
    print("The school's journal says that this pack left the school as it is here.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
