"""Every metric of the shell with its unit and meaning. Labels never hold an appeal or a firm."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
RECORDS: Final = (1, 5, 10, 50, 100, 250, 500, 1000, 2500)
WHERE: Final = ("topic", "partition")


class Metrics:
    """One registry a process, made in its composition root, so that tests share no counters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.make_consumer_metrics()
        self.make_relay_metrics()

    def counter(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def gauge(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def histogram(
        self, name: str, meaning: str, buckets: tuple[float, ...], labels: tuple[str, ...] = ()
    ) -> Histogram:
        return Histogram(name, meaning, labels, registry=self.registry, buckets=buckets)

    def make_consumer_metrics(self) -> None:
        self.records = self.counter(
            "records_total", "records by what became of them", ("topic", "fate")
        )
        self.fence = self.counter("fence_total", "records the fence turned away", ("kind",))
        self.lag = self.gauge("kafka_consumer_lag", "records behind the high watermark", WHERE)
        self.stopped = self.gauge("partition_stopped", "1 while it waits for a person", WHERE)
        self.poll_age = self.gauge("consumer_last_poll_age_seconds", "seconds since the last poll")
        self.batch_size = self.histogram("batch_size", "records in one poll", RECORDS)
        self.tx_seconds = self.histogram("tx_seconds", "seconds of one transaction", SECONDS)
        self.conflicts = self.counter("append_conflicts_total", "slices decided again")
        self.parked = self.counter("dlq_parked_total", "records parked", ("reason",))
        self.dlq_keys = self.gauge("dlq_keys", "keys that wait behind a parked record")
        self.dlq_oldest = self.gauge("dlq_oldest_age_seconds", "age of the oldest parked record")
        self.rebalances = self.counter("rebalance_total", "assignments received")
        self.assigned = self.gauge("assigned_partitions", "topic partitions read by this process")
        self.stage_latency = self.histogram(
            "stage_latency_seconds", "seconds from a record's sending to its being written", SECONDS
        )

    def make_relay_metrics(self) -> None:
        self.unsent = self.gauge("outbox_rows", "stored events that are not yet in Kafka")
        self.unsent_age = self.gauge("outbox_oldest_age_seconds", "age of the oldest unsent event")
        self.publish_seconds = self.histogram(
            "relay_publish_seconds", "seconds from read to acknowledged", SECONDS
        )
        self.published = self.counter("relay_published_total", "events acknowledged by Kafka")
        self.resent = self.counter("relay_resend_total", "windows sent again after a failure")
        self.producers = self.counter("producer_recreated_total", "producers made anew")
        self.measured = self.gauge("monitor_up", "0 while the database does not answer it")
        self.pool_in_use = self.gauge("pg_pool_in_use", "database connections in use")
