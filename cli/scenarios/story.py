"""A district's procedure told as a story: scripted people, the services' real deciders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from itertools import chain, count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cli.keys import PRODUCER as PRODUCER_ID
from cli.publishing import key_of
from cli.simulate.members import Assembly, Plan, assemble
from libs.calendar.days import SHANGHAI
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.contracts.classifier import ReviewRequired
from libs.common.contracts.envelope import ActorKind
from libs.common.contracts.inbound import Submission, SubmittedContact, SubmittedEnterprise
from libs.common.contracts.topics import Topic
from libs.common.contracts.values import AppealKind, Urgency
from libs.common.eventstore.encoding import NewEvent
from libs.common.ids import appeal_id_of
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.life.life import Life, life_of
from services.intake.adapters.submissions import PRODUCER

FIRM: Final = SubmittedEnterprise(name="测试企业一号", uscc="91990101000000001U")
NO_HASH: Final = ""
HOTLINE: Final = "hotline"
PLACE: Final = "XA"
SCREENING: Final = files("cli.scenarios") / "screening.toml"
REPLY: Final = "已到现场核实并处理，结果和后续安排已逐项告知企业。"


@dataclass(frozen=True, slots=True)
class Filed:
    """One appeal of the story."""

    id: UUID
    key: str


@dataclass(slots=True)
class Story:
    """Times are given in Asia/Shanghai. `refused` holds the codes of actions that were refused."""

    assembly: Assembly
    told: dict[str, list[Happening]] = field(default_factory=dict[str, list[Happening]])
    filed: list[Filed] = field(default_factory=list[Filed])
    refused: list[str] = field(default_factory=list[str])
    versions: dict[str, int] = field(default_factory=dict[str, int])
    numbers: Any = field(default_factory=count)

    @property
    def now(self) -> datetime:
        return self.assembly.world.now.astimezone(SHANGHAI)

    def hear(self, new: NewEvent[Any]) -> None:
        version = self.versions[new.key] = self.versions.get(new.key, 0) + 1
        if new.event.TYPE.endswith("action-refused.v1"):
            self.refused.append(new.event.code)
        self.told.setdefault(new.subject, []).append(
            Happening(
                chain_key=new.key,
                version=version,
                service=new.source.removeprefix("/appeals/"),
                partition=new.partition,
                sequence=version,
                hash=NO_HASH,
                id=new.event_id,
                type=new.event.TYPE,
                time=new.time,
                subject=new.subject,
                actor=new.actor,
                cause=new.causation_id,
                event=new.event,
            )
        )

    def at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Lets everything happen until then."""
        self.until(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    def until(self, moment: datetime) -> None:
        self.assembly.world.run(moment)

    def wait(self, **span: float) -> None:
        """`hours=2`, `days=1`: elapsed time."""
        self.until(self.assembly.world.now + timedelta(**span))

    def file(
        self,
        text: str,
        *,
        enterprise: SubmittedEnterprise = FIRM,
        urgency: Urgency = "normal",
        kind: AppealKind | None = None,
        channel: str = HOTLINE,
    ) -> Filed:
        """At this moment; `visit` and `counter` are channels where a person decides first."""
        one = Submission(
            channel=channel,
            source_id=f"story-{next(self.numbers):05d}",
            occurred_at=self.assembly.world.now,
            text=text,
            enterprise=enterprise,
            contact=SubmittedContact(name="张三", phone="13800000000"),
            sub_district=PLACE,
            urgency=urgency,
            kind=kind,
        )
        key = key_of(one, PRODUCER_ID)
        value = one.model_dump_json(exclude_none=True).encode()
        headers = {PRODUCER: PRODUCER_ID.encode()}
        self.assembly.world.arrive(Topic.SUBMISSIONS, key, value, headers)
        self.assembly.world.settle()
        appeal = Filed(appeal_id_of(one.channel, PRODUCER_ID, one.source_id or ""), key)
        self.filed.append(appeal)
        return appeal

    def act(self, appeal: Filed, kind: ActorKind, unit: str, action: str, **fields: object) -> None:
        """At this moment; whoever reads the actions topic decides."""
        body: Mapping[str, object] = {
            "action": action,
            "command_id": f"story-{next(self.numbers):05d}",
            "appeal_id": str(appeal.id),
            "actor": {"kind": kind, "id": f"{unit}-01", "unit": unit},
            **fields,
        }
        self.assembly.world.ask(body, appeal.key)
        self.assembly.world.settle()

    def dispatched(self, text: str, *, urgency: Urgency = "normal") -> Filed:
        """Filed by the hotline and, where the model doubts, confirmed by a dispatcher at once."""
        appeal = self.file(text, urgency=urgency)
        self.confirm(appeal)
        return appeal

    def confirm(self, appeal: Filed) -> None:
        review = self.life(appeal).last(ReviewRequired)
        if review is not None and review.judgement is not None:
            item = review.judgement.candidates[0].item
            self.act(appeal, "dispatcher", "12345", "confirm-classification", item=item)

    def by_lead(self, appeal: Filed, action: str, **fields: object) -> None:
        lead = self.lead(appeal)
        self.act(appeal, "department", lead, action, department=lead, **fields)

    def contact(self, appeal: Filed) -> None:
        self.by_lead(appeal, "record-contact", contacted_at=self.now.isoformat(), way="phone")

    def answer(self, appeal: Filed, outcome: str = "solved") -> None:
        """The lead's result, after every co-handler has reported."""
        stream = self.assembly.world.state_of("router", appeal.key, appeal.id)
        for unit in sorted(stream.state.awaited) if stream else ():
            fields = {"department": unit, "opinion": REPLY}
            self.act(appeal, "department", unit, "report-co-handling", **fields)
        self.by_lead(
            appeal,
            "submit-result",
            outcome=outcome,
            contacted_at=self.now.isoformat(),
            public_reply=REPLY,
        )

    def approve(self, appeal: Filed) -> None:
        self.act(appeal, "supervisor", SUPERVISION_OFFICE, "approve-result")

    def rate(self, appeal: Filed, score: int) -> None:
        self.act(appeal, "firm", appeal.key, "rate", score=score, reason="按实际情况评价。")

    def life(self, appeal: Filed) -> Life:
        mine = self.told.get(str(appeal.id), [])
        return life_of(appeal.id, mine, until=self.assembly.world.now, is_now=True)

    def all_told(self) -> Iterator[Happening]:
        """Of appeals and of orders."""
        return chain.from_iterable(self.told.values())

    def lead(self, appeal: Filed) -> str:
        stream = self.assembly.world.state_of("router", appeal.key, appeal.id)
        if stream is None:
            raise LookupError(appeal.id)
        lead: str = stream.state.lead
        return lead


def begin(policy: str, starts_at: datetime, model: Path) -> Story:
    with as_file(SCREENING) as screening:
        plan = Plan(seed=1, policy=policy, starts_at=starts_at, model=model, screening=screening)
        story = Story(assemble(plan))
    story.assembly.world.listeners.append(story.hear)
    return story
