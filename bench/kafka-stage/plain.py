"""A hand-written stage from topic to topic, at least once, and what the benchmark needs around it.

python3 plain.py carry BROKER SOURCE TARGET GROUP BATCH
python3 plain.py fill BROKER TARGET COUNT
python3 plain.py digest BROKER SOURCE COUNT
"""

import hashlib
import importlib.util
import json
import sys
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, Message, Producer


def load_score():
    path = Path(__file__).parent / "score" / "service.py"
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score


def consumer_of(broker: str, topic: str, group: str) -> Consumer:
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    return consumer


def refused(error: KafkaError, message: Message) -> None:
    raise SystemExit(f"a message was not written: {error}")


def carry(broker: str, source: str, target: str, group: str, batch: str) -> None:
    """A batch is read, worked on, written and confirmed, and then committed: what a crash leaves behind comes again."""
    score = load_score()
    loads, dumps = json.loads, json.JSONEncoder(separators=(",", ":")).encode
    consumer = consumer_of(broker, source, group)
    producer = Producer(
        {"bootstrap.servers": broker, "acks": "all", "delivery.report.only.error": True, "on_delivery": refused}
    )
    while True:
        messages = consumer.consume(num_messages=int(batch), timeout=0.5)
        if not messages:
            continue
        for message in messages:
            if message.error():
                raise SystemExit(str(message.error()))
            producer.produce(target, dumps(score(loads(message.value()))))
        if producer.flush() > 0:
            raise SystemExit("messages were not written")
        consumer.commit(asynchronous=False)


def fill(broker: str, target: str, count: str) -> None:
    producer = Producer({"bootstrap.servers": broker, "linger.ms": 50, "on_delivery": refused, "delivery.report.only.error": True})
    countries = ["DE", "FR", "UK", "US", "PL", "NL", "SE"]
    for n in range(int(count)):
        click = {
            "user": f"user-{n * 7919 % 99991}",
            "url": f"https://shop.example/articles/{n % 9973}?from=mail",
            "at": f"2026-01-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00.{n % 1000:03}Z",
            "ms": n * 31 % 1500,
            "country": countries[n % 7],
        }
        while True:
            try:
                producer.produce(target, json.dumps(click, separators=(",", ":")))
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def digest(broker: str, source: str, count: str) -> None:
    """Prints a number that depends on which values are in the topic, and not on their order."""
    consumer = consumer_of(broker, source, "digest-" + source)
    total, left = 0, int(count)
    while left > 0:
        for message in consumer.consume(num_messages=min(left, 10_000), timeout=5):
            total += int.from_bytes(hashlib.blake2b(message.value(), digest_size=8).digest())
            left -= 1
    consumer.close()
    print(total % 2**64)


{"carry": carry, "fill": fill, "digest": digest}[sys.argv[1]](*sys.argv[2:])
