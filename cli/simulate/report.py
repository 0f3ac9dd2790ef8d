"""What happened in a virtual city, as a value and as tables."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from cli.simulate.days import Tally
from cli.simulate.world import World
from libs.common.contracts.topics import Topic
from services.dossier.domain.facts import Facts
from services.dossier.domain.folding import fold
from services.dossier.domain.states import STATE_ZH, OverallState, overall_state
from services.dossier.read_model.projection import decode

SERVICE_TOPICS = (
    Topic.INTAKE_EVENTS,
    Topic.CLASSIFIER_EVENTS,
    Topic.ROUTER_EVENTS,
    Topic.SLA_EVENTS,
)


def outcome_of(world: World, tally: Tally) -> dict[str, Any]:
    """Deterministic but for nothing: the hash is of every event's bytes in the order of writing."""
    states = overall_states(world)
    return {
        "appeals": sum(states.values()),
        "events": world.events,
        "event_log_sha256": world.log.hexdigest(),
        "by_event_type": dict(sorted(tally.types.items())),
        "by_state": {str(state): states[state] for state in OverallState if states[state]},
        "by_clock_and_level": dict(sorted(tally.levels.items())),
        "refused_actions": dict(sorted(tally.refusals.items())),
        "parked": dict(Counter(f"{p.service}: {p.type}: {p.reason}" for p in world.parked)),
        "ends_at": world.now.isoformat(),
    }


def overall_states(world: World) -> Counter[OverallState]:
    """By the dossier's own projection of the same bytes."""
    facts = Facts()
    for topic in SERVICE_TOPICS:
        for record in world.topics.get(topic, []):
            told = decode(record.text("ce_type"), record.value or b"")
            if told is not None:
                fold(facts, (record.key or b"").decode(), told)
    return Counter(
        overall_state(one.intake_state, one.classifier_state, one.router_state)
        for one in facts.appeals.values()
    )


def tables(outcome: Mapping[str, Any]) -> list[Table]:
    states = {f"{STATE_ZH[OverallState(s)]} {s}": n for s, n in outcome["by_state"].items()}
    return [
        table("状态 state", states),
        table("事件 event", outcome["by_event_type"]),
        table("时限与级别 clock/level", outcome["by_clock_and_level"]),
        table("被拒的操作 refused", outcome["refused_actions"]),
        table("无法处理 parked", outcome["parked"]),
    ]


def table(title: str, counts: Mapping[str, int]) -> Table:
    made = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2))
    made.add_column(justify="left")
    made.add_column(justify="right")
    for name, number in counts.items():
        made.add_row(name, f"{number:,}")
    return made
