"""The shadow replay reads what the topic holds, and moves nobody's position."""

from dataclasses import replace

from aiokafka import AIOKafkaProducer

from cli.learning.comparing import Change, changes_between, counted
from cli.learning.past import past_appeals
from libs.common.contracts.classifier import AppealClassified
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.topics import Topic
from libs.common.settings import KafkaSettings
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.model import Model
from services.classifier.adapters.training import train
from tests.support.classifier import DOUBTFUL, SURE, accepted
from tests.support.records import appeal, classified, fact
from tests.unit.classifier.material import TOPICS, examples


async def publish(settings: KafkaSettings) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap_servers)
    await producer.start()
    facts: list[AppealAccepted | AppealClassified] = [
        accepted(1, SURE),
        classified(2),
        accepted(3, DOUBTFUL),
    ]
    topic = settings.topic_prefix + Topic.INTAKE_EVENTS
    for number, event in enumerate(facts):
        record = fact(event, offset=number, subject=event.appeal_id)
        headers = [(name, value) for name, value in record.headers.items() if value is not None]
        await producer.send_and_wait(topic, record.value, partition=number, headers=headers)
    await producer.stop()


async def test_accepted_appeals_of_all_partitions_are_read_and_nothing_else(
    deployment: KafkaSettings,
) -> None:
    assert await past_appeals(deployment, 10) == []
    await publish(deployment)
    found = await past_appeals(deployment, 10)
    assert sorted((one.appeal_id, one.text) for one in found) == [
        (appeal(1), SURE),
        (appeal(3), DOUBTFUL),
    ]
    assert len(await past_appeals(deployment, 1)) == 1


def relabelled(one: Example) -> Example:
    return replace(one, label="TAL-01") if one.label == "PUB-02" else one


async def test_what_would_have_gone_another_way_is_listed(deployment: KafkaSettings) -> None:
    await publish(deployment)
    past = await past_appeals(deployment, 10)
    model: Model = train(examples(), TOPICS)
    unlike = [relabelled(one) for one in examples()]
    before, after = Classifier(model), Classifier(train(unlike, TOPICS))
    assert changes_between(before, before, past) == []
    changes = changes_between(before, after, past)
    [sure] = [one for one in changes if one.appeal_id == appeal(1)]
    assert (sure.item_before, sure.item_after) == ("PUB-02", "TAL-01")
    assert counted(2, changes).other_item == len(changes)


def test_the_counts_tell_which_way_a_person_is_spared() -> None:
    changes = [
        Change(appeal(1), "A", "A", automatic_before=False, automatic_after=True),
        Change(appeal(2), "A", "B", automatic_before=True, automatic_after=False),
    ]
    told = counted(9, changes)
    figures = (told.appeals, told.other_item, told.newly_automatic, told.newly_doubtful)
    assert figures == (9, 1, 1, 1)
