"""An appeal's life as data for those who ask: where it stands, its clocks, its time, its people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from libs.calendar.days import SHANGHAI
from services.dossier.domain.ledger.segments import Account, Segment
from services.dossier.domain.life.clocks import ClockRun, Deadline, StepTaken
from services.dossier.domain.life.life import Identity, Life
from services.dossier.domain.states import STATE_ZH
from services.dossier.domain.why.reason import Reason


def life_json(life: Life, who: Identity, account: Account) -> dict[str, Any]:
    """Times in Asia/Shanghai, durations in seconds."""
    return {
        "appeal_id": str(life.appeal_id),
        "at": text(life.until),
        "state": life.state.value,
        "state_zh": STATE_ZH[life.state],
        "owners": {name: state for name, state in life.owners._asdict().items() if state},
        "title": who.title,
        "enterprise_name": who.enterprise_name,
        "uscc": who.uscc,
        "source_id": who.source_id,
        "channel": who.channel,
        "kind": who.kind,
        "urgency": who.urgency,
        "item": who.item,
        "lead": who.lead,
        "officer_id": who.officer_id,
        "confidentiality": who.confidentiality,
        "clocks": [clock_json(run, life.until) for run in life.runs],
        "ledger": account_json(account),
        "actors": actors_json(life),
        "proof": proof_json(life),
    }


def clock_json(run: ClockRun, moment: datetime) -> dict[str, Any]:
    start = run.start
    return {
        "clock": run.clock,
        "standing": run.standing,
        "started_at": text(start.started_at),
        "due": text(start.due),
        "stopped_at": text(run.stopped_at),
        "is_overdue": run.is_overdue(moment),
        "limit": start.limit,
        "policy_version": start.policy_version,
        "calendar_version": start.calendar_version,
        "provisional": start.provisional,
        "deadlines": [deadline_json(one) for one in run.deadlines],
        "steps": [step_json(one) for one in run.steps],
    }


def deadline_json(one: Deadline) -> dict[str, Any]:
    return {
        "version": one.start.deadline_version,
        "due": text(one.start.due),
        "reason": one.reason,
        "event_id": str(one.said.id),
    }


def step_json(one: StepTaken) -> dict[str, Any]:
    return {
        "level": one.level,
        "kind": one.kind,
        "at": text(one.step_at),
        "late": one.late,
        "revoked": one.revoked,
        "event_id": str(one.said.id),
    }


def account_json(account: Account) -> dict[str, Any]:
    return {
        "working_seconds": account.working_seconds,
        "calendar_seconds": account.calendar_seconds,
        "calendar_version": account.calendar_version,
        "segments": [segment_json(one) for one in account.segments],
    }


def segment_json(one: Segment) -> dict[str, Any]:
    turn = one.turn
    return {
        "from": text(one.starts_at),
        "to": text(one.ends_at),
        "is_open": one.is_open,
        "state": turn.state.value,
        "state_zh": STATE_ZH[turn.state],
        "unit": turn.unit,
        "person": turn.person,
        "duty": turn.duty.value,
        "is_resting": turn.is_resting,
        "working_seconds": one.working_seconds,
        "calendar_seconds": one.calendar_seconds,
        "cause": {
            "event_id": str(turn.cause.event_id),
            "type": turn.cause.type,
            "entry": turn.cause.version,
        },
    }


def actors_json(life: Life) -> list[dict[str, Any]]:
    """Everybody who has acted, in the order of their first act."""
    found: dict[tuple[str, str, str], int] = {}
    for one in life.happenings:
        key = (one.actor.kind, one.actor.unit, one.actor.id)
        found[key] = found.get(key, 0) + 1
    return [
        {"kind": kind, "unit": unit, "id": name, "events": events}
        for (kind, unit, name), events in found.items()
    ]


def proof_json(life: Life) -> dict[str, Any]:
    """The chain's last entry of this appeal, by which all the above can be checked."""
    last = max(life.happenings, key=lambda one: one.version, default=None)
    return {
        "chain_key": life.chain_key,
        "entries": len(life.happenings),
        "last_entry": last.version if last else 0,
        "hash": last.hash if last else None,
    }


def reasons_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [
        {
            "subject": one.subject,
            "zh": one.what.zh,
            "en": one.what.en,
            "at": text(one.at),
            "event": {
                "id": str(one.said.id),
                "type": one.said.type,
                "entry": one.said.version,
                "service": one.said.service,
                "partition": one.said.partition,
                "sequence": one.said.sequence,
                "hash": one.said.hash,
            },
            "grounds": [{"zh": g.zh, "en": g.en, "value": g.value} for g in one.grounds],
        }
        for one in reasons
    ]


def text(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None
