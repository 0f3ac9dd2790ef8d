"""What intake may do with an appeal, written from the rules as a table and not from the code.

States are words; a step is what is asked and by whom. `step` answers with the refusal's code or
with the last words of the events' types. It shares nothing with the decider but those words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

OPEN: Final = "submitted"
ASKED: Final = "info_pending"
REFUSED: Final = "rejected"
GIVEN: Final = "handed_over"
TAKEN: Final = "accepted"
OVER: Final = "ended"
STATES: Final = (OPEN, ASKED, REFUSED, GIVEN, TAKEN, OVER)

# Who may ask for what, by the kind of actor.
WHO: Final[dict[str, frozenset[str]]] = {
    "AcceptAppeal": frozenset({"seat", "supervisor"}),
    "RequestSupplement": frozenset({"seat"}),
    "SupplySupplement": frozenset({"firm", "producer", "seat"}),
    "ProposeRejection": frozenset({"seat"}),
    "ConfirmRejection": frozenset({"seat", "supervisor"}),
    "DeclineRejection": frozenset({"seat", "supervisor"}),
    "ObjectToRejection": frozenset({"firm", "producer", "seat"}),
    "OverturnRejection": frozenset({"supervisor"}),
    "UpholdRejection": frozenset({"supervisor"}),
    "AnswerAtIntake": frozenset({"seat"}),
    "ResolveOnSite": frozenset({"officer"}),
    "OfferEmergency": frozenset({"seat"}),
    "AcknowledgeEmergency": frozenset({"department"}),
    "DeclineEmergency": frozenset({"department"}),
    "WithdrawAppeal": frozenset({"firm", "producer", "seat"}),
    "LinkEnterprise": frozenset({"seat", "officer", "supervisor"}),
    "ChangeConfidentiality": frozenset({"firm", "seat", "supervisor"}),
}
# In which states it can be asked at all; what is not named here is possible in every one.
WHERE: Final[dict[str, tuple[str, ...]]] = {
    "AcceptAppeal": (OPEN,),
    "RequestSupplement": (OPEN,),
    "SupplySupplement": (ASKED, TAKEN, GIVEN),
    "ProposeRejection": (OPEN,),
    "ConfirmRejection": (OPEN,),
    "DeclineRejection": (OPEN,),
    "ObjectToRejection": (REFUSED,),
    "OverturnRejection": (REFUSED,),
    "UpholdRejection": (REFUSED,),
    "AnswerAtIntake": (OPEN,),
    "ResolveOnSite": (OPEN,),
    "OfferEmergency": (OPEN,),
    "AcknowledgeEmergency": (OPEN,),
    "DeclineEmergency": (OPEN,),
    "WithdrawAppeal": (OPEN, ASKED, TAKEN, GIVEN),
}
NEXT: Final[dict[str, str]] = {
    "appeal-accepted": TAKEN,
    "info-requested": ASKED,
    "info-supplied": OPEN,
    "info-timed-out": OVER,
    "appeal-rejected": REFUSED,
    "rejection-overturned": OPEN,
    "answered-at-intake": GIVEN,
    "resolved-on-site": GIVEN,
    "emergency-transferred": OVER,
    "appeal-withdrawn": OVER,
}
RANK: Final = ("normal", "confidential", "whistleblower")
QUIET: Final = ""


@dataclass(frozen=True, slots=True)
class Asked:
    what: str
    kind: str
    person: str
    unit: str
    wish: str = "confidential"


@dataclass(frozen=True, slots=True)
class Model:
    is_inquiry: bool
    officer: str | None
    firm: str | None
    at: str = OPEN
    rounds: int = 0
    proposed_by: str | None = None
    receiver: str | None = None
    rejected_by: frozenset[str] = frozenset()
    objected: bool = False
    objection_open: bool = False
    overturned: bool = False
    told_withdrawal: bool = False
    degree: str = "normal"


def step(model: Model, asked: Asked) -> tuple[Model, str]:
    """The model after it, and what was answered."""
    if (refused := denied(model, asked)) is not None:
        return model, refused
    answer = ANSWERS[asked.what](model, asked)
    return apply(model, asked, answer), answer


def denied(model: Model, asked: Asked) -> str | None:
    if asked.kind not in WHO[asked.what]:
        return "not_allowed"
    if asked.kind == "firm" and asked.unit != model.firm:
        return "not_your_appeal"
    if asked.kind == "producer" and asked.unit != "hotline":
        return "not_your_appeal"
    if model.at not in WHERE.get(asked.what, STATES):
        return "illegal_in_state"
    return None


def accept(_model: Model, _asked: Asked) -> str:
    return "appeal-accepted"


def request(model: Model, _asked: Asked) -> str:
    return "rounds_used" if model.rounds == 2 else "info-requested"


def supply(model: Model, _asked: Asked) -> str:
    return "info-supplied" if model.at == ASKED else "supplement-forwarded"


def propose(model: Model, _asked: Asked) -> str:
    return "rejection-proposed" if model.proposed_by is None else "already_open"


def second(model: Model, asked: Asked) -> str | None:
    if model.proposed_by is None:
        return "nothing_open"
    return "same_person" if model.proposed_by == asked.person else None


def confirm(model: Model, asked: Asked) -> str:
    return second(model, asked) or "appeal-rejected"


def decline(model: Model, asked: Asked) -> str:
    return second(model, asked) or "rejection-declined"


def object_(model: Model, _asked: Asked) -> str:
    return "objection_used" if model.objected else "objection-raised"


def overturn(model: Model, asked: Asked) -> str:
    if asked.person in model.rejected_by:
        return "same_person"
    return "objection_used" if model.overturned else "rejection-overturned"


def uphold(model: Model, asked: Asked) -> str:
    if asked.person in model.rejected_by:
        return "same_person"
    return "rejection-upheld" if model.objection_open else "nothing_open"


def answer(model: Model, _asked: Asked) -> str:
    return "answered-at-intake" if model.is_inquiry else "not_an_inquiry"


def on_site(model: Model, asked: Asked) -> str:
    return "resolved-on-site" if model.officer in {None, asked.person} else "not_the_officer"


def offer(model: Model, _asked: Asked) -> str:
    return "emergency-offered" if model.receiver is None else "already_open"


def acknowledge(model: Model, asked: Asked) -> str:
    return receiving(model, asked, "emergency-transferred")


def decline_emergency(model: Model, asked: Asked) -> str:
    return receiving(model, asked, "emergency-declined")


def receiving(model: Model, asked: Asked, good: str) -> str:
    if model.receiver is None:
        return "nothing_open"
    return good if asked.unit == model.receiver else "not_the_receiver"


def withdraw(model: Model, _asked: Asked) -> str:
    if model.at in {OPEN, ASKED}:
        return "appeal-withdrawn"
    return QUIET if model.told_withdrawal else "withdrawal-forwarded"


def link(model: Model, asked: Asked) -> str:
    if model.firm == asked.wish:
        return QUIET
    return "appeal-linked" if model.firm is None else "already_linked"


def confide(model: Model, asked: Asked) -> str:
    if asked.wish == model.degree:
        return QUIET
    if RANK.index(asked.wish) < RANK.index(model.degree) and asked.kind != "supervisor":
        return "only_supervisor_lifts"
    return "confidentiality-set"


ANSWERS: Final[Mapping[str, Callable[[Model, Asked], str]]] = {
    "AcceptAppeal": accept,
    "RequestSupplement": request,
    "SupplySupplement": supply,
    "ProposeRejection": propose,
    "ConfirmRejection": confirm,
    "DeclineRejection": decline,
    "ObjectToRejection": object_,
    "OverturnRejection": overturn,
    "UpholdRejection": uphold,
    "AnswerAtIntake": answer,
    "ResolveOnSite": on_site,
    "OfferEmergency": offer,
    "AcknowledgeEmergency": acknowledge,
    "DeclineEmergency": decline_emergency,
    "WithdrawAppeal": withdraw,
    "LinkEnterprise": link,
    "ChangeConfidentiality": confide,
}


def apply(model: Model, asked: Asked, answer: str) -> Model:
    both = frozenset({model.proposed_by or "", asked.person})
    changes: dict[str, dict[str, Any]] = {
        "info-requested": {"rounds": model.rounds + 1},
        "rejection-proposed": {"proposed_by": asked.person},
        "rejection-declined": {"proposed_by": None},
        "appeal-rejected": {"proposed_by": None, "rejected_by": both, "objection_open": False},
        "objection-raised": {"objected": True, "objection_open": True},
        "rejection-upheld": {"objection_open": False},
        "rejection-overturned": {"overturned": True, "objection_open": False},
        "emergency-offered": {"receiver": "119"},
        "emergency-declined": {"receiver": None},
        "withdrawal-forwarded": {"told_withdrawal": True},
        "appeal-linked": {"firm": asked.wish},
        "confidentiality-set": {"degree": asked.wish},
    }
    return replace(model, at=NEXT.get(answer, model.at), **changes.get(answer, {}))
