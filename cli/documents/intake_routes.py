"""Intake's HTTP routes for people: actions, the register and the vault."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from cli.documents import answers, intake_answers
from cli.documents.route_shape import APPEAL_ID, SHARED, UUID_TEXT, Parameter, RouteDescription
from libs.common.contracts.intake_actions import INTAKE_ACTION
from libs.common.contracts.register_actions import REGISTER_ACTION

Where: Final = HTTPStatus
ACTED: Final[Mapping[HTTPStatus, Any]] = {
    Where.ACCEPTED: answers.ActionTaken,
    Where.OK: answers.ActionRepeated,
    Where.NOT_FOUND: answers.Refusal,
    Where.CONFLICT: intake_answers.Stale,
    Where.REQUEST_ENTITY_TOO_LARGE: answers.Refusal,
    Where.UNPROCESSABLE_ENTITY: answers.Refusal,
    **SHARED,
}
INTAKE_ROUTES: Final = (
    RouteDescription(
        service="intake",
        method="POST",
        path="/v1/intake/actions",
        name="actAtIntake",
        words="Accept, ask for more, reject with a second officer, object, overturn, answer, "
        "resolve on site, hand over to an emergency service, withdraw, link to an enterprise, "
        "keep confidential. The role of the key must be the actor's kind, its unit the actor's.",
        roles=("seat", "officer", "supervisor", "firm", "producer", "department"),
        body=INTAKE_ACTION,
        answers=ACTED,
    ),
    RouteDescription(
        service="intake",
        method="GET",
        path="/v1/intake/desk",
        name="intakeDesk",
        words="What waits for a seat, the longest unmoved first, 500 at most.",
        roles=("seat",),
        parameters=(Parameter("stage", "query", "submitted, info_pending or not_accepted."),),
        answers={
            Where.OK: intake_answers.WaitingAppeals,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="intake",
        method="POST",
        path="/v1/register/actions",
        name="actOnRegister",
        words="Register or update an enterprise, assign or relieve its liaison officer.",
        roles=("seat", "supervisor"),
        body=REGISTER_ACTION,
        answers=ACTED,
    ),
    RouteDescription(
        service="intake",
        method="GET",
        path="/v1/enterprises/{enterprise_id}",
        name="enterprise",
        words="One enterprise of the register, with its liaison officer.",
        roles=("seat", "supervisor", "officer", "auditor"),
        parameters=(Parameter("enterprise_id", "path", "The enterprise's id.", UUID_TEXT),),
        answers={
            Where.OK: intake_answers.RegisteredEnterprise,
            Where.NOT_FOUND: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="intake",
        method="GET",
        path="/v1/officers/{officer_id}/enterprises",
        name="enterprisesOfOfficer",
        words="The enterprises that an officer follows, 500 at most.",
        roles=("seat", "supervisor", "officer", "auditor"),
        parameters=(Parameter("officer_id", "path", "The officer's staff number."),),
        answers={Where.OK: intake_answers.FollowedEnterprises, **SHARED},
    ),
    RouteDescription(
        service="intake",
        method="GET",
        path="/v1/vault/{appeal_id}",
        name="readVault",
        words="Raw text and contact data, as far as the role needs to know; who read what for "
        "what is recorded before it is shown. 410 where it has been erased.",
        roles=("seat", "supervisor", "officer", "department", "callback"),
        parameters=(
            APPEAL_ID,
            Parameter("role", "query", "The role in which the caller reads."),
            Parameter("person", "query", "Who reads, within the unit of the key."),
            Parameter("purpose", "query", "handling, contact, callback, supervision, …"),
            Parameter("fields", "query", "Names with commas between; all where left out."),
            Parameter("note", "query", "A reference; masked before it is recorded."),
        ),
        answers={
            Where.OK: intake_answers.VaultView,
            Where.NOT_FOUND: answers.Refusal,
            Where.GONE: answers.Refusal,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
)
