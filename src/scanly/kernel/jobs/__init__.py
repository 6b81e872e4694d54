"""Work for later: jobs that are enqueued in the transaction of the use case, and schedules.

A job runs at least once, so handlers are safe to repeat. A failed one is tried again, each time later; one that used up
its tries is put whole among the dead letters. Not for: what others should know (that is an event).
"""

from scanly.kernel.jobs.job import Job, Schedule
from scanly.kernel.jobs.queue import enqueue

__all__ = ["Job", "Schedule", "enqueue"]
