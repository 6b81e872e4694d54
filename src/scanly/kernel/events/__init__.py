"""Events between services: typed, written to an outbox in the transaction that changes the data, read by groups.

Not for scans: those are a stream (``StreamLog``), appended in bulk by whoever ships them.
"""

from scanly.kernel.events.dead_letters import DeadLetter, DeadLetters, bury, bury_record
from scanly.kernel.events.event import Envelope, Event, append, append_all, caught_up_at, first_time, first_times
from scanly.kernel.events.opening import open_event_log, open_stream_log
from scanly.kernel.events.postgres_stream_log import PostgresStreamLog
from scanly.kernel.events.runner import EventRunner, Subscriber
from scanly.kernel.events.stream_log import StreamLog, StreamRecord, partition_of

__all__ = [
    "DeadLetter",
    "DeadLetters",
    "Envelope",
    "Event",
    "EventRunner",
    "PostgresStreamLog",
    "StreamLog",
    "StreamRecord",
    "Subscriber",
    "append",
    "append_all",
    "bury",
    "bury_record",
    "caught_up_at",
    "first_time",
    "first_times",
    "open_event_log",
    "open_stream_log",
    "partition_of",
]
