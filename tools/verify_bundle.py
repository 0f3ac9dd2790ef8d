"""Checks an evidence bundle of an appeals dossier: python verify_bundle.py FILE --key PUBKEY

Needs Python 3.11 or later and the package `cryptography`; reads the file and the public key and
nothing else. Ends with 0 when everything holds, 3 when anything does not, 2 when it can not start.
The format is described in docs/verification.md; this program shares no code with the system.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEX = re.compile(r"[0-9a-f]{64}")
NUMBER = "(0|[1-9][0-9]{0,15})"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ZERO = (0, bytes(32))
FIRST = {"appeals-bundle", "scope", "origin", "algorithm", "last"}
CHAIN = {"chain", "version", "hash", "index", "proof"}
PROVEN = {"version", "service", "partition", "sequence", "index", "proof"}
PLAIN = {"key", "service", "partition", "sequence"}
HEAD_LINES = (
    r"(\S+)", NUMBER, r"(\S+)", rf"appeals-dossier v1 (sha256|sm3) {NUMBER}",
    r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", rf"counts ({NUMBER}(?: {NUMBER})*)",
    rf"chains {NUMBER} (\S+)",
)  # fmt: skip
COMPLETE = re.compile(rf"complete ([a-z]{{1,20}})/{NUMBER} 1-{NUMBER}(?: but {NUMBER})?")
SHAPES = {
    "text": lambda v: isinstance(v, str) and not re.search("[\ud800-\udfff]", v),
    "number": lambda v: type(v) is int and 0 <= v < 2**53,
    "partition": lambda v: type(v) is int and 0 <= v < 2**16,
    "service": lambda v: isinstance(v, str) and re.fullmatch("[a-z]{1,20}", v),
    "hash": lambda v: isinstance(v, str) and HEX.fullmatch(v),
    "proof": lambda v: isinstance(v, list) and len(v) <= 64 and all(map(SHAPES["hash"], v)),
}


class Broken(Exception):
    def __init__(self, kind, expected="", found=""):
        super().__init__(kind)
        self.kind, self.expected, self.found = kind, str(expected), str(found)
        self.line = None


def get(fields, name, shape):
    if name not in fields or not SHAPES[shape](fields[name]):
        raise Broken("bundle", f"{name}:{shape}", "other")
    value = fields[name]
    if shape == "proof":
        return [bytes.fromhex(one) for one in value]
    return bytes.fromhex(value) if shape == "hash" else value


def unbase64(text, kind="checkpoint"):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken(kind, "base64", "other") from None


def exact(text):
    """Base64 in its one spelling, so that no two texts mean the same."""
    raw = unbase64(text)
    if base64.b64encode(raw).decode() != text:
        raise Broken("checkpoint", "base64", "another spelling")
    return raw


def is_name(text):
    return 0 < len(text) <= 200 and text.isprintable() and not re.search(r"[\s+]", text)


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def read_key(text):
    """(name, public key) of `name+id+base64`, or None."""
    name, _, rest = text.strip().partition("+")
    given, _, encoded = rest.partition("+")
    try:
        raw = exact(encoded)
    except Broken:
        return None
    if not is_name(name) or len(raw) != 33 or raw[0] != 1 or key_id(name, raw[1:]).hex() != given:
        return None
    return name, raw[1:]


def read_checkpoint(written, first, key, now):
    """The checkpoint's fields, once its signature by the key is known to be good."""
    body, separator, rest = written.rpartition("\n\n")
    signatures = rest.split("\n")
    if not separator or not body or signatures.pop() or not 0 < len(signatures) <= 100:
        raise Broken("checkpoint", "a signed text", "other")
    named = []
    for line in signatures:
        name, space, encoded = line.removeprefix("— ").partition(" ")
        raw = exact(encoded) if line.startswith("— ") and space and is_name(name) else b""
        if len(raw) != 68:
            raise Broken("checkpoint", "a signature", "other")
        named.append((name, raw[:4], raw[4:]))
    one = parse_checkpoint(body + "\n")
    public = Ed25519PublicKey.from_public_bytes(key[1])
    for name, given, signature in named:
        try:
            if (name, given) == (key[0], key_id(*key)) and name == one["origin"]:
                public.verify(signature, (body + "\n").encode())
                break
        except InvalidSignature:
            continue
    else:
        raise Broken("signature", key[0], ", ".join(name for name, _, _ in named))
    if one["time"] > now + timedelta(minutes=5):
        raise Broken("future", "<= " + now.isoformat(), one["time"].isoformat())
    if (one["origin"], one["algorithm"]) != (first["origin"], first["algorithm"]):
        raise Broken("checkpoint", first["origin"], one["origin"])
    return one


def parse_checkpoint(body):
    lines = body.removesuffix("\n").split("\n")
    found = [re.fullmatch(p, line, re.ASCII) for p, line in zip(HEAD_LINES, lines, strict=False)]
    if len(found) < 7 or None in found or not is_name(lines[0]):
        raise Broken("checkpoint", "appeals-dossier v1", "other")
    held = {}
    for line in lines[7:]:
        one = COMPLETE.fullmatch(line)
        source = one and (one[1], int(one[2]))
        if one is None or one[4] == "0" or (held and source <= max(held)):
            raise Broken("checkpoint", "complete", "other")
        held[source] = (int(one[3]), int(one[4] or 0))
    try:
        time = datetime.strptime(found[4][1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Broken("checkpoint", "time", "other") from None
    counts = [int(count) for count in found[5][1].split()]
    roots = exact(lines[2]), exact(found[6][2])
    if sum(counts) != int(lines[1]) or {*map(len, roots)} != {32}:
        raise Broken("checkpoint", "counts and hashes", "other")
    return {
        "origin": lines[0], "size": int(lines[1]), "root": roots[0], "algorithm": found[3][1],
        "number": int(found[3][2]), "time": time, "counts": counts, "chains": int(found[6][1]),
        "chains_root": roots[1], "held": held,
    }  # fmt: skip


def chain_key(said):
    """The chain of a key; what is no key of ours has a name of its own."""
    if said == "system" or UUID.fullmatch(said):
        return said
    raw = said.encode("utf-8", "replace")
    return "key:" + (raw.hex() if len(raw) <= 100 else "sha256-" + hashlib.sha256(raw).hexdigest())


class Bundle:
    """Takes the lines after the first."""

    def __init__(self, first, key, now):
        self.first, self.key, self.now = first, key, now
        self.is_all = first["scope"] == "all"
        self.point = self.chain = None
        self.heads, self.held, self.counts, self.stack = {}, {}, {}, []
        self.done = dict.fromkeys(("checkpoints", "size", "chains", "entries", "covered"), 0)
        self.done["root"] = None

    def hash(self, *parts):
        return hashlib.new(self.first["algorithm"], b"".join(parts)).digest()

    def root_by(self, leaf, index, size, proof):
        """RFC 9162, section 2.1.3.2."""
        if not 0 <= index < size:
            return None
        last, found = size - 1, leaf
        for one in proof:
            if last == 0:
                return None
            is_left = index & 1 or index == last
            found = self.hash(b"\1", one, found) if is_left else self.hash(b"\1", found, one)
            while is_left and index and not index & 1:
                index, last = index >> 1, last >> 1
            index, last = index >> 1, last >> 1
        return found if last == 0 else None

    def grow(self, stack, leaf):
        """Full subtrees of a growing tree, the widest first."""
        width = 1
        while stack and stack[-1][0] == width:
            leaf, width = self.hash(b"\1", stack.pop()[1], leaf), 2 * width
        stack.append((width, leaf))

    def root_of(self, stack):
        root = stack[-1][1] if stack else self.hash()
        for _, left in reversed(stack[:-1]):
            root = self.hash(b"\1", left, root)
        return root

    def head_leaf(self, key, head):
        name = key.encode()
        length, version = len(name).to_bytes(2, "big"), head[0].to_bytes(8, "big")
        return self.hash(b"\0\0", length, name, version, head[1])

    def link(self, head, fields, key):
        """The leaf of an entry, and the chain's new head."""
        value = get(fields, "value", "text").encode() if "value" in fields else None
        if value is None:
            value = unbase64(get(fields, "base64", "text"), "bundle")
        name, version = get(fields, "service", "service").encode(), head[0] + 1
        where = get(fields, "partition", "partition").to_bytes(2, "big")
        sequence = get(fields, "sequence", "number").to_bytes(8, "big")
        leaf = self.hash(b"\0", bytes([len(name)]), name, where, sequence, value)
        try:
            said = json.loads(value)["partitionkey"]
        except (ValueError, RecursionError, TypeError, KeyError):
            said = None
        if isinstance(said, str) and key != chain_key(said):
            raise Broken("key", key[:100], said[:100])
        return leaf, (version, self.hash(b"\1", head[1], version.to_bytes(8, "big"), leaf))

    def take(self, fields):
        names, values = set(fields), {"value", "base64"} & set(fields)
        is_entry = len(values) == 1 and names - values == (PLAIN if self.is_all else PROVEN)
        if names == {"checkpoint"} and (self.is_all or not self.point):
            before, note = self.point, get(fields, "checkpoint", "text")
            self.point = read_checkpoint(note, self.first, self.key, self.now)
            self.done["checkpoints"] += 1
            self.done.update(size=self.point["size"], root=self.point["root"].hex())
            if self.is_all:
                self.compare(self.point, before["number"] + 1 if before else 1)
        elif names == CHAIN and not self.is_all and self.point:
            self.end_chain()
            self.chain, self.chain_at, self.head, self.last = fields, self.at, ZERO, -1
            self.done["chains"] += 1
        elif is_entry and (self.is_all or self.chain):
            self.take_plain(fields) if self.is_all else self.take_proven(fields)
            self.done["entries"] += 1
        else:
            raise Broken("bundle", "bundle-line", sorted(names))

    def take_proven(self, fields):
        if get(fields, "version", "number") != self.head[0] + 1:
            raise Broken("version", self.head[0] + 1, fields["version"])
        leaf, self.head = self.link(self.head, fields, get(self.chain, "chain", "text"))
        index, proof = get(fields, "index", "number"), get(fields, "proof", "proof")
        good = index > self.last
        root = self.root_by(leaf, index, self.point["size"], proof) if good else None
        if root != self.point["root"]:
            raise Broken("inclusion", self.point["root"].hex(), root.hex() if root else "-")
        self.last = index
        self.done["covered"] += 1

    def take_plain(self, fields):
        key, where = get(fields, "key", "text"), get(fields, "partition", "partition")
        source, sequence = (get(fields, "service", "service"), where), fields["sequence"]
        last, left_out = self.held.get(source, (0, 0))
        skipped = get(fields, "sequence", "number") - last - 1
        if skipped < 0 or (skipped and source[0] != "dossier"):
            raise Broken("sequence", last + 1, sequence)
        leaf, self.heads[key] = self.link(self.heads.get(key, ZERO), fields, key)
        self.held[source] = (sequence, left_out + skipped)
        self.counts[where] = self.counts.get(where, 0) + 1
        self.grow(self.stack, leaf)

    def compare(self, one, expected):
        if one["number"] != expected:
            raise Broken("checkpoint", expected, one["number"])
        counts = [self.counts.get(p, 0) for p in range(len(one["counts"]))]
        if (self.done["entries"], counts) != (one["size"], one["counts"]):
            raise Broken("size", one["size"], self.done["entries"])
        if self.root_of(self.stack) != one["root"]:
            raise Broken("root", one["root"].hex(), self.root_of(self.stack).hex())
        if self.held != one["held"]:
            raise Broken("complete", len(one["held"]), len(self.held))
        if one["number"] == self.first["last"]:
            heads = []
            for key, head in sorted(self.heads.items()):
                self.grow(heads, self.head_leaf(key, head))
            found = (len(self.heads), self.root_of(heads))
            if found != (one["chains"], one["chains_root"]):
                raise Broken("chains", one["chains_root"].hex(), found[1].hex())
        self.done.update(covered=one["size"], chains=len(self.heads))

    def end_chain(self):
        try:
            if self.chain:
                self.check_end()
        except Broken as error:
            error.line = self.chain_at
            raise

    def check_end(self):
        said = (get(self.chain, "version", "number"), get(self.chain, "hash", "hash"))
        if said != self.head:
            raise Broken("chains", said[0], self.head[0])
        index = get(self.chain, "index", "number")
        leaf = self.head_leaf(get(self.chain, "chain", "text"), said)
        root = self.root_by(leaf, index, self.point["chains"], get(self.chain, "proof", "proof"))
        if root != self.point["chains_root"]:
            raise Broken("chains", self.point["chains_root"].hex(), root.hex() if root else "-")

    def end(self):
        self.end_chain()
        if self.is_all and self.done["entries"] != self.done["covered"]:
            raise Broken("size", self.done["covered"], self.done["entries"])
        if (self.point["number"] if self.point else 0) != self.first["last"]:
            raise Broken("checkpoint", self.first["last"], "another")


def read_first(fields):
    if type(fields.get("appeals-bundle")) is not int or fields["appeals-bundle"] != 1:
        raise Broken("bundle", "appeals-bundle:1", fields.get("appeals-bundle"))
    shapes = {"scope": "text", "origin": "text", "algorithm": "text", "last": "number"}
    for name, shape in shapes.items():
        get(fields, name, shape)
    is_known = fields["scope"] in ("enterprise", "all") and fields["algorithm"] in ("sha256", "sm3")
    if set(fields) != FIRST or not is_known:
        raise Broken("bundle", "first-line", sorted(fields))
    return fields


def check(lines, key, now):
    """The verdict as a dictionary; `break` is None when everything holds."""
    bundle, first, seen, is_ended, at, broken = None, {}, hashlib.sha256(), False, 0, None
    try:
        for at, raw in enumerate(lines, start=1):
            if not raw.endswith(b"\n"):
                raise Broken("truncated", "end of line", "end of file")
            try:
                fields = json.loads(raw)
            except (ValueError, RecursionError):
                raise Broken("bundle", "JSON", "other") from None
            if not isinstance(fields, dict) or is_ended:
                raise Broken("bundle", "end-of-file" if is_ended else "an object", "other")
            if bundle is None:
                first = read_first(fields)
                bundle = Bundle(first, key, now)
            elif set(fields) == {"end", "sha256"}:
                said = (get(fields, "end", "number"), get(fields, "sha256", "text"))
                if said != (at - 1, seen.hexdigest()):
                    raise Broken("bundle", f"{at - 1}:{seen.hexdigest()}", said[0])
                bundle.end()
                is_ended = True
            else:
                bundle.at = at
                bundle.take(fields)
            seen.update(raw)
        if not is_ended:
            at += 1
            raise Broken("truncated", "the line that closes a bundle", "end of file")
    except Broken as error:
        at = error.line or at
        broken = {"kind": error.kind, "line": at, "expected": error.expected, "found": error.found}
    return {
        "whole": broken is None,
        "scope": first.get("scope"),
        **(bundle.done if bundle else {}),
        "break": broken,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", required=True, help="the public key, or a file that holds it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        key = read_key(asked.key) or read_key(Path(asked.key).read_text(errors="replace"))
        file = asked.file.open("rb")
    except (OSError, ValueError):
        key = file = None
    if key is None or file is None:
        print("证据包或公钥无法读取。 / bundle or public key can not be read.", file=sys.stderr)
        return 2
    with file:
        verdict = check(file, key, datetime.now(UTC))
    one = verdict["break"]
    if asked.json:
        print(json.dumps(verdict, ensure_ascii=False))
    elif one is None:
        counts = f"{verdict['chains']} chains, {verdict['entries']} entries"
        print(f"完整 whole: {counts}, root {verdict['root']}")
    else:
        print(f"已损坏 BROKEN: 第 {one['line']} 行 line {one['line']}: {one['kind']}")
        print(f"  应为 expected {one['expected']}\n  实为 found    {one['found']}")
    return 0 if one is None else 3


if __name__ == "__main__":
    sys.exit(main())
