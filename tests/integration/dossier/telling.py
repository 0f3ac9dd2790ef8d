"""A story's events as the records that the dossier hears, in the order of their services."""

from collections import defaultdict

from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.subscription import Record
from tests.support.databases import TOPIC_ID
from tests.unit.dossier.story import Story


def records_of(*stories: Story, partition: int = 3) -> list[Record]:
    """Numbered as the relays would: dense within (service, partition)."""
    last: dict[Topic, int] = defaultdict(int)
    records: list[Record] = []
    for story in stories:
        for one in story.happenings:
            topic = Topic(f"appeals.{one.service}.events")
            last[topic] += 1
            value = encode(
                NewEvent(
                    event=one.event,
                    event_id=one.id,
                    partition=partition,
                    stream_id=f"{one.service}-{story.appeal}",
                    version=one.version,
                    key=story.key,
                    subject=str(story.appeal),
                    source=f"/appeals/{one.service}",
                    time=one.time,
                    correlation_id=story.appeal,
                    causation_id=one.cause or story.appeal,
                    actor=one.actor,
                )
            )
            headers = {
                "sequence": str(last[topic]).encode(),
                "topic_id": str(TOPIC_ID).encode(),
                "ce_type": one.type.encode(),
                "ce_id": str(one.id).encode(),
                "ce_subject": str(story.appeal).encode(),
            }
            key = story.key.encode()
            records.append(Record(topic, partition, last[topic] - 1, key, value, headers))
    return records
