"""Run by the peer's own interpreter, which has none of our packages; prints one JSON object."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from time import monotonic
from typing import Any
from uuid import UUID

BODY = b"x" * 1_270
ROUNDS = 3
SHAPES = {"500 of 100 streams": (500, 100), "100 of one stream": (100, 1)}


def rates(server: dict[str, Any], events: int) -> dict[str, int]:
    """Medians. It is handed finished bytes, which we make from events in the same time."""
    # By name: the package is not installed where this file is checked.
    postgres: Any = import_module("eventsourcing.postgres")
    stored_event: Any = import_module("eventsourcing.persistence").StoredEvent
    store = postgres.PostgresDatastore(**server, schema="public")
    recorder = postgres.PostgresApplicationRecorder(store, events_table_name="peer_events")
    recorder.create_table()
    found: dict[str, list[float]] = {name: [] for name in SHAPES}
    made = 0
    for _ in range(ROUNDS):
        for name, (size, streams) in SHAPES.items():
            batches = [batch(stored_event, made + n, size, streams) for n in range(events // size)]
            made += len(batches)
            found[name].append(rate(recorder.insert_events, batches))
    store.close()
    return {name: round(sorted(seen)[ROUNDS // 2]) for name, seen in found.items()}


def batch(stored_event: Any, number: int, size: int, streams: int) -> list[Any]:  # noqa: ANN401
    """New streams in every batch, as many events in each."""
    return [
        stored_event(
            originator_id=UUID(int=number * 1_000 + place % streams + 1),
            originator_version=place // streams + 1,
            topic="benchmark:Event",
            state=BODY,
        )
        for place in range(size)
    ]


def rate(insert: Callable[[list[Any]], object], batches: list[list[Any]]) -> float:
    started = monotonic()
    for one in batches:
        insert(one)
    return sum(map(len, batches)) / (monotonic() - started)


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(rates(asked["server"], asked["events"])))
