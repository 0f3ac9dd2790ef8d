"""Which partition a key belongs to: the same answer as Kafka's own default partitioner."""

from functools import lru_cache

from aiokafka.partitioner import murmur2

POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=100_000)
def partition_of(key: str, partitions: int) -> int:
    """Kept for ever with the stream: the partition count of a deployment never changes (rule 1)."""
    return int(murmur2(key.encode()) & POSITIVE) % partitions
