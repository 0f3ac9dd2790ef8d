"""Checks an evidence bundle of an appeals dossier: python verify_bundle.py FILE --key PUBKEY

Needs Python 3.11 or later and the package `cryptography`; reads the file and the public key and
nothing else. Ends with 0 when everything holds, 3 when anything does not, 2 when it can not start.
The format is described in docs/verification.md; this program shares no code with the system.
"""

import argparse
import hashlib
import json
import re
from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from types import SimpleNamespace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NAME, NUMBER = r"[^\s+]{1,200}", "(?:0|[1-9][0-9]{0,15})"
# Base64 in its one spelling: the last letter before a `=` holds no bits that are dropped.
LETTER, LAST = "[A-Za-z0-9+/]", "[AEIMQUYcgkosw048]="
KEY = rf"({NAME})\+([0-9a-f]{{8}})\+({LETTER}{{44}})"
SIGNATURE = rf"— ({NAME}) ({LETTER}{{90}}{LAST})\n"
COMPLETE = rf"complete ([a-z]{{1,20}})/({NUMBER}) 1-({NUMBER})(?: but ([1-9][0-9]{{0,15}}))?\n"
CHECKPOINT = (
    rf"(?P<origin>{NAME})\n(?P<size>{NUMBER})\n(?P<root>{LETTER}{{42}}{LAST})\n"
    rf"appeals-dossier v1 (?P<algorithm>sha256|sm3) (?P<number>{NUMBER})\n"
    rf"time (?P<time>[0-9T:-]{{19}}Z)\ncounts (?P<counts>{NUMBER}(?: {NUMBER})*)\n"
    rf"chains (?P<chains>{NUMBER}) (?P<chains_root>{LETTER}{{42}}{LAST})\n"
    rf"(?P<held>(?:{COMPLETE})*)\n(?P<signatures>(?:{SIGNATURE}){{1,100}})"
)
# The fields of each kind of line; an entry has also its `value` or, where it is no text, `base64`.
FIRST = ("appeals-bundle", "scope", "origin", "algorithm", "last")
CHAIN = {"chain", "version", "hash", "index", "proof"}
PROVEN = {"version", "service", "partition", "sequence", "index", "proof"}
PLAIN = {"key", "service", "partition", "sequence"}
NUMBERS = ("version", "sequence", "index", "last", "end")
# What a field must be; one that is not named here is a text, without halves of letters.
SHAPES = dict.fromkeys(NUMBERS, lambda v: type(v) is int and 0 <= v < 2**53) | {
    "appeals-bundle": lambda v: type(v) is int and v == 1,
    "scope": re.compile("enterprise|all").fullmatch,
    "algorithm": re.compile("sha256|sm3").fullmatch,
    "partition": lambda v: type(v) is int and 0 <= v < 2**16,
    "service": re.compile("[a-z]{1,20}").fullmatch,
    "hash": re.compile("[0-9a-f]{64}").fullmatch,
    "proof": lambda v: isinstance(v, list) and len(v) <= 64 and all(map(SHAPES["hash"], v)),
    "base64": lambda v: b64decode(v, validate=True) is not None,
    "text": lambda v: isinstance(v, str) and not re.search("[\ud800-\udfff]", v),
}
NO_ENTRY = (0, bytes(32))  # version and hash of a chain before its first entry


class Broken(Exception):
    """The first place that does not hold, as (kind, line, expected, found)."""


class Line:
    """One JSON object of the file, and where it stands."""

    def __init__(self, number, raw):
        self.number, self.fields = number, None
        self.require("truncated", raw[-1:], b"\n")
        with suppress(ValueError, RecursionError):
            self.fields = json.loads(raw)
        self.require("bundle", type(self.fields).__name__, "dict")
        self.names = set(self.fields)

    def require(self, kind, found, expected):
        if found != expected:
            said = [one.hex() if isinstance(one, bytes) else str(one) for one in (expected, found)]
            raise Broken(kind, self.number, *said)

    def get(self, name):
        """The field's value if it has the right shape."""
        with suppress(ValueError, TypeError):
            if SHAPES.get(name, SHAPES["text"])(self.fields.get(name)):
                return self.fields[name]
        raise Broken("bundle", self.number, name, "other")


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def read_key(text):
    """Name and public key of `name+id+base64`. Raises ValueError."""
    found = re.fullmatch(KEY, text.strip())
    raw = b64decode(found[3]) if found else b""
    if raw[:1] != b"\1" or key_id(found[1], raw[1:]).hex() != found[2]:
        raise ValueError(text)
    return found[1], raw[1:]


def read_checkpoint(written):
    """What a signed note says, before any signature is looked at; None if it is none."""
    found = re.fullmatch(CHECKPOINT, written)
    if not found or not written.replace("\n", "").isprintable():
        return None
    one = SimpleNamespace(**found.groupdict())
    one.signed = written[: found.start("signatures") - 1].encode()
    one.signatures = [(name, b64decode(raw)) for name, raw in re.findall(SIGNATURE, one.signatures)]
    one.size, one.number, one.chains = int(one.size), int(one.number), int(one.chains)
    one.root, one.chains_root = b64decode(one.root), b64decode(one.chains_root)
    one.counts = [int(count) for count in one.counts.split(" ")]
    held = re.findall(COMPLETE, one.held)
    one.held = {(name, int(at)): (int(last), int(but or 0)) for name, at, last, but in held}
    is_sorted = sorted(one.held) == [(name, int(at)) for name, at, _, _ in held]
    with suppress(ValueError):
        one.time = datetime.strptime(one.time, "%Y-%m-%dT%H:%M:%S%z")
        return one if is_sorted and sum(one.counts) == one.size else None


def is_signed(one, key):
    """A key signs for the log of its own name alone."""
    for name, raw in one.signatures:
        if name == key[0] == one.origin and raw[:4] == key_id(*key):
            with suppress(InvalidSignature):
                Ed25519PublicKey.from_public_bytes(key[1]).verify(raw[4:], one.signed)
                return True
    return False


def chain_key(said):
    """The chain of a key; what is no key of ours has a name of its own."""
    if said == "system" or re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", said):
        return said
    raw = said.encode("utf-8", "replace")
    return "key:" + (raw.hex() if len(raw) <= 100 else "sha256-" + hashlib.sha256(raw).hexdigest())


class Bundle:
    """Takes line by line; `done` is what the verdict tells of them."""

    def __init__(self, key, now):
        self.key, self.now, self.seen, self.is_ended = key, now, hashlib.sha256(), False
        self.point, self.chain, self.heads = None, None, {}
        self.held, self.counts, self.tree = {}, {}, []
        self.done = dict.fromkeys(("scope", "origin", "algorithm", "root"))
        self.done |= dict.fromkeys(("checkpoints", "size", "chains", "entries", "covered"), 0)

    def hash(self, *parts):
        parts = [one if isinstance(one, bytes) else one.to_bytes(8) for one in parts]
        return hashlib.new(self.done["algorithm"], b"".join(parts)).digest()

    def grow(self, tree, count, leaf):
        """A tree of so many leaves is the roots of its full subtrees, the widest first."""
        while count & 1:
            leaf, count = self.hash(b"\1", tree.pop(), leaf), count >> 1
        tree.append(leaf)

    def root_of(self, tree):
        roots = reversed(tree or [self.hash()])
        return reduce(lambda right, left: self.hash(b"\1", left, right), roots)

    def prove(self, line, kind, found, size, root, after=-1):
        """The line's path leads from a leaf to the signed root (RFC 9162, section 2.1)."""
        index, proof, last = line.get("index"), line.get("proof"), size - 1
        # At each level, from the leaf up; the last of an odd number moves up as it is.
        levels = [(index >> level, last >> level) for level in range(last.bit_length())]
        is_right = [place & 1 for place, end in levels if place & 1 or place < end]
        line.require(kind, (after < index < size, len(proof)), (True, len(is_right)))
        for right, other in zip(is_right, map(bytes.fromhex, proof), strict=True):
            found = self.hash(b"\1", other, found) if right else self.hash(b"\1", found, other)
        line.require(kind, found, root)

    def head_leaf(self, key, head):
        return self.hash(b"\0\0", len(key.encode()).to_bytes(2), key.encode(), *head)

    def take(self, line):
        is_entry = line.names ^ (PLAIN if self.is_all else PROVEN) in ({"value"}, {"base64"})
        if line.names == {"end", "sha256"}:
            said = (line.get("end"), line.get("sha256"))
            line.require("bundle", said, (line.number - 1, self.seen.hexdigest()))
            self.end_chain()
            line.require("size", self.done["entries"], self.done["covered"])
            line.require("checkpoint", self.point.number if self.point else 0, self.last)
            self.is_ended = True
        elif line.names == {"checkpoint"} and (self.is_all or not self.point):
            self.take_checkpoint(line)
        elif line.names == CHAIN and not self.is_all and self.point:
            self.end_chain()
            self.chain, self.heads, self.index = line, {}, -1
            self.done["chains"] += 1
        elif is_entry and (self.is_all or self.chain):
            self.take_entry(line)
            self.done["entries"] += 1
        else:
            line.require("bundle", sorted(line.names), "checkpoint, chain, entry or end")

    def begin(self, line):
        _, *self.log, self.last = map(line.get, FIRST)
        line.require("bundle", sorted(line.names), sorted(FIRST))
        self.done |= zip(("scope", "origin", "algorithm"), self.log, strict=True)
        self.is_all = self.log[0] == "all"

    def take_checkpoint(self, line):
        """In a bundle of everything, it must say what the entries before it come to."""
        one = read_checkpoint(line.get("checkpoint"))
        line.require("checkpoint", one and "signed note", "signed note")
        line.require("signature", is_signed(one, self.key) and self.key[0], self.key[0])
        line.require("future", one.time, min(one.time, self.now + timedelta(minutes=5)))
        line.require("checkpoint", [one.origin, one.algorithm], self.log[1:])
        self.point = one
        self.done["checkpoints"] += 1
        self.done |= {"size": one.size, "root": one.root.hex()}
        if self.is_all:
            line.require("checkpoint", one.number, self.done["checkpoints"])
            counts = [self.counts.get(at, 0) for at in range(len(one.counts))]
            line.require("size", (self.done["entries"], counts), (one.size, one.counts))
            line.require("root", self.root_of(self.tree), one.root)
            line.require("complete", self.held, one.held)
            if one.number == self.last:
                heads = []
                for count, (key, head) in enumerate(sorted(self.heads.items())):
                    self.grow(heads, count, self.head_leaf(key, head))
                line.require("chains", len(self.heads), one.chains)
                line.require("chains", self.root_of(heads), one.chains_root)
            self.done |= {"covered": one.size, "chains": len(self.heads)}

    def take_entry(self, line):
        """Continues its chain, and the proof or the tree."""
        service, at, sequence = map(line.get, ("service", "partition", "sequence"))
        key = line.get("key") if self.is_all else self.chain.get("chain")
        version, before = self.heads.get(key, NO_ENTRY)
        if self.is_all:
            last, left_out = self.held.get((service, at), (0, 0))
            # The dossier alone leaves out numbers: those that tell of the tree itself.
            is_free = service == "dossier" and sequence > last
            line.require("sequence", sequence, sequence if is_free else last + 1)
            self.held[service, at] = (sequence, left_out + sequence - last - 1)
            self.counts[at] = self.counts.get(at, 0) + 1
        else:
            line.require("version", line.get("version"), version + 1)
        is_text = "value" in line.names
        value = line.get("value").encode() if is_text else b64decode(line.get("base64"))
        name = bytes([len(service)]) + service.encode()
        leaf = self.hash(b"\0", name, at.to_bytes(2), sequence, value)
        self.heads[key] = (version + 1, self.hash(b"\1", before, version + 1, leaf))
        with suppress(ValueError, RecursionError, TypeError, KeyError):
            said = json.loads(value)["partitionkey"]
            line.require("key", chain_key(said) if isinstance(said, str) else key, key)
        if self.is_all:
            self.grow(self.tree, self.done["entries"], leaf)
        else:
            self.prove(line, "inclusion", leaf, self.point.size, self.point.root, self.index)
            self.index = line.get("index")
            self.done["covered"] += 1

    def end_chain(self):
        """The end that was signed is where the proved entries end: none is kept back."""
        if line := self.chain:
            head = self.heads.get(line.get("chain"), NO_ENTRY)
            line.require("chains", line.get("version"), head[0])
            line.require("chains", line.get("hash"), head[1].hex())
            leaf = self.head_leaf(line.get("chain"), head)
            self.prove(line, "chains", leaf, self.point.chains, self.point.chains_root)


def check(lines, key, now):
    """The verdict, as `appeals verify --bundle FILE --json` gives it."""
    bundle, number, broken = Bundle(key, now), 0, None
    try:
        for number, raw in enumerate(lines, start=1):
            line = Line(number, raw)
            line.require("bundle", "more" if bundle.is_ended else "", "")
            (bundle.take if number > 1 else bundle.begin)(line)
            bundle.seen.update(raw)
        if not bundle.is_ended:
            raise Broken("truncated", number + 1, "the line that closes a bundle", "end of file")
    except Broken as error:
        broken = dict(zip(("kind", "line", "expected", "found"), error.args, strict=True))
    return {"whole": broken is None, **bundle.done, "first_break": broken}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", required=True, help="the public key, or a file that holds it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        key = asked.key if re.fullmatch(KEY, asked.key) else Path(asked.key).read_text("utf-8")
        with asked.file.open("rb") as file:
            verdict = check(file, read_key(key), datetime.now(UTC))
    except (OSError, ValueError):
        parser.error("证据包或公钥无法读取。 / bundle or public key can not be read.")
    one = verdict["first_break"]
    said = [f"{name}: {value!r}" for name, value in (one or verdict).items()]
    text = "\n  ".join(["已损坏 BROKEN" if one else "完整 whole", *said])
    print(json.dumps(verdict) if asked.json else text)
    parser.exit(3 if one else 0)


if __name__ == "__main__":
    main()
