"""Keyed hashes of a command's fields: enough to see that a repeat differs, and nothing more."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

import orjson

DIGEST_BYTES: Final = 8


def fingerprints(key: bytes, fields: Mapping[str, object]) -> dict[str, str]:
    """Keyed BLAKE2b (a MAC by itself, RFC 7693), 16 hexadecimal digits a field; absent ones are
    left out (rule 23).
    """
    return {
        name: blake2b(
            orjson.dumps([name, value]), digest_size=DIGEST_BYTES, key=key[: blake2b.MAX_KEY_SIZE]
        ).hexdigest()
        for name, value in fields.items()
        if value is not None
    }
