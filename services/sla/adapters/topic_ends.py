"""Where topics end, asked of Kafka in one request; nothing is consumed and no group is joined."""

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from libs.common.contracts.topics import Topic
from libs.common.errors import NotReadyError
from libs.common.settings import KafkaSettings


class TopicEnds:
    """Connects when first asked, and anew after a failure."""

    def __init__(self, kafka: KafkaSettings, client_id: str) -> None:
        self.kafka = kafka
        self.client_id = client_id
        self.consumer: AIOKafkaConsumer | None = None

    async def read(self, places: Collection[tuple[Topic, int]]) -> dict[tuple[Topic, int], int]:
        """The offset after the last record of each place. Raises NotReadyError."""
        try:
            consumer = await self.connected()
            found = await consumer.end_offsets([self.name(*place) for place in places])
        except KafkaError as error:
            await self.close()
            raise NotReadyError(type(error).__name__) from error
        return {(topic, p): found[self.name(topic, p)] for topic, p in places}

    def name(self, topic: Topic, partition: int) -> TopicPartition:
        return TopicPartition(self.kafka.topic_prefix + topic, partition)

    async def connected(self) -> AIOKafkaConsumer:
        if self.consumer is None:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self.kafka.bootstrap_servers,
                client_id=self.client_id,
                enable_auto_commit=False,
            )
            try:
                await consumer.start()
            except KafkaError:
                await consumer.stop()
                raise
            self.consumer = consumer
        return self.consumer

    async def close(self) -> None:
        consumer, self.consumer = self.consumer, None
        if consumer is not None:
            await consumer.stop()
