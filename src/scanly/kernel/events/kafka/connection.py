"""How this product connects to Kafka."""

import logging
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from scanly.kernel.config import Settings
from scanly.kernel.errors import Unavailable
from scanly.kernel.startup import StartupError


def client_options(settings: Settings) -> dict[str, Any]:
    """Return librdkafka's configuration that producer, consumer and administration share; ``StartupError``."""
    options: dict[str, Any] = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "client.id": "scanly",
        # A broker that comes back is found within a second, not the ten of the default.
        "reconnect.backoff.ms": 50,
        "reconnect.backoff.max.ms": 1_000,
        "socket.connection.setup.timeout.ms": 3_000,
        "allow.auto.create.topics": False,
        # It reports every failed attempt; what follows from them is said by whoever needed the broker.
        "log_level": 2,
        "logger": logging.getLogger("scanly.kafka"),
    }
    if settings.kafka_options is not None:
        parts = (part.partition("=") for part in settings.kafka_options.get_secret_value().split(";") if part.strip())
        options |= {name.strip(): value.strip() for name, _, value in parts}
        try:
            AdminClient(options)  # judges names and values; it connects only when asked something
        except KafkaException as error:
            raise StartupError(f"SCANLY_KAFKA_OPTIONS: librdkafka says: {_words(error)}.") from error
    return options


def unavailable(reason: object) -> Unavailable:
    """Return the error for a broker that did not answer."""
    return Unavailable(f"The event log (Kafka) does not answer: {_words(reason)}.", retry_after=2)


def _words(reason: object) -> str:
    error = reason.args[0] if isinstance(reason, KafkaException) and reason.args else reason
    return str(error.str() if isinstance(error, KafkaError) else error).rstrip(".")
