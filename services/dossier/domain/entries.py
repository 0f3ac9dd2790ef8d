"""Records as entries of chains. Any bytes become an entry: nothing here can refuse one."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, NamedTuple

from libs.common.contracts.topics import Topic
from libs.common.ids import SYSTEM_KEY
from libs.common.subscription import Record
from services.dossier.domain.chain import NO_ENTRY, Digest, Head, hash_of, leaf_of

UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LONGEST_HEADER: Final = 200
LONGEST_HEX_KEY: Final = 100


class Entry(NamedTuple):
    """One entry, its fields in the order of the table's columns."""

    chain_key: str
    version: int
    service: str
    partition: int
    sequence: int
    event_id: str | None
    type: str | None
    subject: str | None
    leaf: bytes
    hash: bytes
    value: bytes


def chain_records(
    digest: Digest, keyed: Iterable[tuple[str, Record]], heads: Mapping[str, Head]
) -> tuple[list[Entry], dict[str, Head]]:
    """The entries in the order of the records, and the new heads of the chains they touch."""
    entries: list[Entry] = []
    new_heads: dict[str, Head] = {}
    for key, record in keyed:
        head = new_heads.get(key) or heads.get(key, NO_ENTRY)
        entry = entry_of(digest, key, record, head)
        entries.append(entry)
        new_heads[key] = Head(entry.version, entry.hash)
    return entries, new_heads


def entry_of(digest: Digest, key: str, record: Record, head: Head) -> Entry:
    service = service_of(record.topic)
    # The screening has let only records through whose number is one.
    sequence = int(record.text("sequence") or 0)
    # A tombstone has no bytes either: its leaf is that of the empty value.
    value = record.value or b""
    leaf = leaf_of(digest, service, record.partition, sequence, value)
    version = head.version + 1
    return Entry(
        key,
        version,
        service,
        record.partition,
        sequence,
        uuid_text(record.text("ce_id")),
        readable(record.text("ce_type")),
        readable(record.text("ce_subject")),
        leaf,
        hash_of(digest, head.hash, version, leaf),
        value,
    )


def service_of(topic: Topic) -> str:
    """`appeals.intake.events` is intake's."""
    return topic.value.split(".")[1]


def chain_key_of(key: bytes | None) -> str:
    """The key as text. What is no key of ours gets a name of its own, one-to-one."""
    text = key.decode("ascii", "replace") if key else ""
    if text == SYSTEM_KEY or UUID_TEXT.fullmatch(text):
        return text
    odd = key or b""
    name = odd.hex() if len(odd) <= LONGEST_HEX_KEY else f"sha256-{sha256(odd).hexdigest()}"
    return f"key:{name}"


def uuid_text(text: str | None) -> str | None:
    return text if text is not None and UUID_TEXT.fullmatch(text) else None


def readable(text: str | None) -> str | None:
    """None for what PostgreSQL could not store as text, or what is no header of ours."""
    if text is None or len(text) > LONGEST_HEADER or not text.isprintable():
        return None
    return text
