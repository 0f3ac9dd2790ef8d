"""A few departments at work: signed for, answered, approved and rated, all through the router."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from cli.calling import call
from cli.keys import Keys
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.clock import Clock
from libs.common.contracts.envelope import Actor, ActorKind
from libs.common.contracts.router import Outcome
from libs.common.ids import random_id

TAKEN: Final = 202
SCORES: Final = (9, 10, 8, 10, 9, 8)
REPLIES: Final[tuple[tuple[Outcome, str], ...]] = (
    ("solved", "已上门核实并当场处理完毕，后续由专人跟进，如有反复请随时联系我单位。"),
    ("explained", "已向企业逐条说明现行政策口径和办理步骤，材料清单已一并送达。"),
    ("partly", "主要问题已解决，剩余部分已列入本季度计划，按月向企业通报进度。"),
)
OPINION: Final = "已配合核实，涉及本单位的部分已处理完毕。"
CHOSEN: Final = """
    SELECT appeal_id, key, lead, co_handlers FROM router.dispatches
    WHERE key = ANY($1::text[]) AND state = 'dispatched' ORDER BY accepted_at, appeal_id LIMIT $2
"""
# How far each of the chosen appeals is taken, in turn.
FAR: Final = ("rate", "rate", "approve-result", "rate", "submit-result", "sign")


@dataclass(frozen=True, slots=True)
class Done:
    """`closed` counts appeals that their firm has accepted."""

    actions: int = 0
    closed: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever plays the departments: their keys, the router's port and a clock."""

    keys: Keys
    port: int
    clock: Clock

    async def play(
        self, connection: "asyncpg.Connection[asyncpg.Record]", firms: list[UUID], appeals: int
    ) -> Done:
        rows = await connection.fetch(CHOSEN, [str(firm) for firm in firms], appeals)
        actions, closed, refused = 0, 0, list[str]()
        for number, row in enumerate(rows):
            for action, unit in steps_to(FAR[number % len(FAR)], row):
                status, answer = await self.act(action, unit, row, number)
                if status != TAKEN:
                    refused.append(f"{action}: {status} {answer.get('code', '')}")
                    break
                actions += 1
                closed += action == "rate"
        return Done(actions, closed, tuple(refused))

    async def act(
        self,
        action: str,
        unit: str,
        row: Any,  # noqa: ANN401 - a row
        number: int,
    ) -> tuple[int, dict[str, Any]]:
        body: dict[str, object] = {
            "action": action,
            "command_id": f"demo-{random_id()}",
            "appeal_id": str(row["appeal_id"]),
        }
        match action:
            case "sign" | "submit-result" | "report-co-handling":
                key = self.keys.caller("department", unit)
                body |= {"department": unit, "actor": actor("department", unit)}
            case "approve-result":
                key = self.keys.caller("supervisor", unit)
                body |= {"actor": actor("supervisor", unit)}
            case _:
                key = self.keys.caller("firm", unit)
                body |= {"actor": actor("firm", unit), "score": SCORES[number % len(SCORES)]}
        if action == "report-co-handling":
            body |= {"opinion": OPINION}
        if action == "submit-result":
            outcome, reply = REPLIES[number % len(REPLIES)]
            contacted_at = self.clock().isoformat()
            body |= {"outcome": outcome, "public_reply": reply, "contacted_at": contacted_at}
        return await call(self.port, "POST", "/v1/actions", key=key, body=body)


def steps_to(last: str, row: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a row
    """Each action with the unit that takes it; the lead answers when every helper has."""
    helpers = [("report-co-handling", unit) for unit in row["co_handlers"]]
    order = {
        "sign": [("sign", row["lead"])],
        "submit-result": [*helpers, ("submit-result", row["lead"])],
        "approve-result": [("approve-result", SUPERVISION_OFFICE)],
        "rate": [("rate", row["key"])],
    }
    names = list(order)
    return [step for name in names[: names.index(last) + 1] for step in order[name]]


def actor(kind: ActorKind, unit: str) -> dict[str, str]:
    return Actor(kind=kind, id="demo", unit=unit).model_dump()
