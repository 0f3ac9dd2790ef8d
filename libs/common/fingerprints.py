"""Keyed hashes of a command's fields: enough to see that a repeat differs, and nothing more."""

import hmac
from collections.abc import Mapping

import orjson


def fingerprints(key: bytes, fields: Mapping[str, object]) -> dict[str, str]:
    """HMAC-SHA-256, 16 hexadecimal digits a field; absent fields are left out (rule 23)."""
    return {
        name: hmac.digest(key, orjson.dumps([name, value]), "sha256").hex()[:16]
        for name, value in fields.items()
        if value is not None
    }
