"""Example appeals and who acts on them, as constants with meaning."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from libs.common.contracts.envelope import Actor, ActorKind
from libs.common.contracts.intake import AppealEvent
from libs.common.contracts.values import AppealKind
from libs.common.ids import appeal_id_of, enterprise_id_of
from services.intake.adapters.rule_files import load_rules
from services.intake.domain import commands
from services.intake.domain.commands import FromOutside, IntakeCommand, SubmitAppeal
from services.intake.domain.decide import intake_decider
from services.intake.domain.rules import IntakeRules, ScreeningRule
from services.intake.domain.state import IntakeState
from services.intake.domain.submission import Prepared

SHANGHAI: Final = timezone(timedelta(hours=8))
NOW: Final = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
APPEAL: Final = appeal_id_of("letter", "hotline", "1")
USCC: Final = "91440306MA5DEMX00H"
FIRM: Final = enterprise_id_of(USCC)
OTHER_FIRM: Final = enterprise_id_of("91440300MA5FTM5T0F")
OFFICER: Final = "gd-0042"
SCREENED: Final = IntakeRules(
    screening_version="test",
    screening=[ScreeningRule(id="all", decision="screened")],
    rejections_version="2026.1",
    rejections=load_rules().rejections,
)
INTAKE: Final = intake_decider(SCREENED)
UNITS: Final[Mapping[str, str]] = {"producer": "hotline", "firm": str(FIRM), "department": "119"}


def actor(kind: ActorKind, person: str = "a", unit: str | None = None) -> Actor:
    return Actor(kind=kind, id=person, unit=unit or UNITS.get(kind, "qfb"))


def submit(
    *, kind: AppealKind = "request", is_linked: bool = True, officer: str | None = None
) -> SubmitAppeal:
    prepared = Prepared(
        channel="letter",
        source_id="1",
        occurred_at=NOW - timedelta(minutes=5),
        title="停电",
        text="连续停电。",
        marks=(),
        enterprise_name="示例公司",
        uscc=USCC if is_linked else None,
        sub_district="XX",
        urgency=None,
        kind=kind,
    )
    return SubmitAppeal(
        appeal_id=APPEAL,
        enterprise_id=FIRM if is_linked else None,
        producer_id="hotline",
        source_id="1",
        prepared=prepared,
        commitment="0" * 64,
        raw=b"{}",
        salt=b"salt",
        officer_id=officer,
    )


def ask(
    command: type[FromOutside],
    by: Actor,
    *,
    now: datetime = NOW,
    expected: int | None = None,
    **values: Any,  # noqa: ANN401 - the fields of whichever command it is
) -> FromOutside:
    asked = commands.Asked(
        appeal_id=APPEAL, command_id="c", actor=by, now=now, expected_version=expected
    )
    return command(asked=asked, **{**DEFAULTS.get(command, {}), **values})


DEFAULTS: Final[Mapping[type[FromOutside], Mapping[str, Any]]] = {
    commands.AcceptAppeal: {"urgency": None, "kind": None, "sub_district": None},
    commands.RequestSupplement: {"missing": "合同日期"},
    commands.SupplySupplement: {
        "text": "签于三月。",
        "marks": {},
        "commitment": "1" * 64,
        "raw": b"x",
        "salt": b"s",
    },
    commands.ProposeRejection: {"code": "N2", "ground": "已立案"},
    commands.DeclineRejection: {"reason": "另一份合同"},
    commands.ObjectToRejection: {"ground": "裁定不予立案"},
    commands.OverturnRejection: {"reason": "属实"},
    commands.UpholdRejection: {"reason": "仍在审理"},
    commands.AnswerAtIntake: {"knowledge_id": "ZS-1", "public_reply": "可网上办理。"},
    commands.ResolveOnSite: {
        "outcome": "solved",
        "visited_at": NOW - timedelta(hours=1),
        "site_record": "现场协调。",
        "public_reply": "已恢复。",
    },
    commands.OfferEmergency: {"receiver": "119", "reason": "冒烟"},
    commands.AcknowledgeEmergency: {"receipt": "119-1"},
    commands.DeclineEmergency: {"reason": "无火情"},
    commands.WithdrawAppeal: {"reason": "已解决"},
    commands.LinkEnterprise: {"enterprise_id": FIRM, "uscc": USCC, "enterprise_name": None},
    commands.ChangeConfidentiality: {"confidentiality": "confidential", "reason": None},
}


def after(*asked: IntakeCommand) -> IntakeState:
    """The state once each has been decided in turn. Raises whatever a decision raises."""
    state: IntakeState = INTAKE.initial
    for command in asked:
        for event in INTAKE.decide(state, command):
            state = INTAKE.evolve(state, event)
    return state


def decided(state: IntakeState, command: IntakeCommand) -> list[AppealEvent]:
    return list(INTAKE.decide(state, command))
