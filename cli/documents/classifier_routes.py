"""The classifier's HTTP routes, described."""

from typing import Final

from cli.documents import answers, classifier_answers
from cli.documents.route_shape import SHARED, Parameter, RouteDescription, Where
from libs.common.contracts.review_actions import REVIEW_ACTION
from services.classifier.api.models import ModelAction, ProposeAction

TAKEN: Final = {
    Where.ACCEPTED: classifier_answers.SystemActionTaken,
    Where.OK: classifier_answers.SystemActionRepeated,
    Where.NOT_FOUND: answers.Refusal,
    Where.CONFLICT: answers.Refusal,
    Where.UNPROCESSABLE_ENTITY: answers.Refusal,
    **SHARED,
}
CLASSIFIER_ROUTES: Final = (
    RouteDescription(
        service="classifier",
        method="GET",
        path="/v1/reviews",
        name="reviews",
        words="What waits for a person, the oldest acceptance first. Counts by reason are of the "
        "whole queue, whatever is filtered.",
        roles=("dispatcher",),
        parameters=(
            Parameter("appeal_id", "query", "Only this appeal."),
            Parameter("reason", "query", "Only reviews for this reason."),
            Parameter("item", "query", "Only where this item, or one of this category, leads."),
            Parameter("enterprise_id", "query", "Only appeals of this firm."),
            Parameter(
                "waiting_hours",
                "query",
                "Only what has waited at least so long.",
                {"type": "integer", "minimum": 0},
            ),
            Parameter("after", "query", "The `next` of the page before."),
            Parameter(
                "limit",
                "query",
                "How many at most.",
                {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
            ),
        ),
        answers={
            Where.OK: classifier_answers.ReviewQueue,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="classifier",
        method="GET",
        path="/v1/duplicates",
        name="duplicates",
        words="Pairs of appeals of perhaps the same matter, the newest suggestion first; the "
        "dispatcher merges them in the router or leaves them.",
        roles=("dispatcher",),
        parameters=(
            Parameter(
                "least",
                "query",
                "Only pairs at least so alike, in basis points.",
                {"type": "integer", "minimum": 0, "maximum": 10000, "default": 0},
            ),
            Parameter(
                "limit",
                "query",
                "How many at most.",
                {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
            ),
        ),
        answers={
            Where.OK: classifier_answers.Duplicates,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="classifier",
        method="POST",
        path="/v1/review-actions",
        name="actOnReview",
        words="Confirm the proposed item, or correct it with a reason. A repeat of a command_id "
        "is answered 200 with the types of what it wrote the first time.",
        roles=("dispatcher",),
        body=REVIEW_ACTION,
        answers={
            Where.ACCEPTED: answers.ActionTaken,
            Where.OK: answers.ActionRepeated,
            Where.NOT_FOUND: answers.Refusal,
            Where.CONFLICT: answers.Refusal,
            Where.REQUEST_ENTITY_TOO_LARGE: answers.Refusal,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="classifier",
        method="GET",
        path="/v1/models",
        name="models",
        words="Which model judges, and every proposal and activation, the oldest first.",
        roles=("supervisor",),
        answers={Where.OK: classifier_answers.Models, **SHARED},
    ),
    RouteDescription(
        service="classifier",
        method="PUT",
        path="/v1/models/{version}",
        name="keepModel",
        words="The bytes of a candidate as the body. They are read, checked and kept, and judge "
        "nothing by that; what is kept under a version is never replaced.",
        roles=("supervisor",),
        parameters=(Parameter("version", "path", "The version that the file itself says."),),
        answers={
            Where.OK: classifier_answers.ModelKept,
            Where.CONFLICT: answers.Refusal,
            Where.REQUEST_ENTITY_TOO_LARGE: answers.Refusal,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="classifier",
        method="POST",
        path="/v1/model-proposals",
        name="proposeModel",
        words="Propose a kept candidate, with what was measured on it.",
        roles=("supervisor",),
        body=ProposeAction,
        answers=TAKEN,
    ),
    RouteDescription(
        service="classifier",
        method="POST",
        path="/v1/model-activations",
        name="activateModel",
        words="Let a proposed model judge. It takes another person than the one who proposed it; "
        "a version that was in use before, or the one built at install, is a rollback.",
        roles=("supervisor",),
        body=ModelAction,
        answers=TAKEN,
    ),
)
