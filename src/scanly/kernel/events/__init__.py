"""Events between services: typed, written to an outbox in the transaction that changes the data, read by groups.

Not for scans: those are a stream (``StreamLog``), appended in bulk by whoever ships them.
"""

from scanly.kernel.events.event import Envelope, Event, append, caught_up_at, first_time
from scanly.kernel.events.runner import EventRunner, Subscriber
from scanly.kernel.events.stream import StreamLog, StreamRecord, partition_of

__all__ = [
    "Envelope",
    "Event",
    "EventRunner",
    "StreamLog",
    "StreamRecord",
    "Subscriber",
    "append",
    "caught_up_at",
    "first_time",
    "partition_of",
]
