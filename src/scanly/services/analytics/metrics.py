"""What an operator sees of counting."""

from scanly.kernel.telemetry import metrics

counted = metrics.counter("scanly_hits_counted_total", "Hits stored and counted, by verdict", ("verdict",))
refused = metrics.counter("scanly_hits_refused_total", "Scan records put among the dead letters")
caught_up = metrics.gauge(
    "scanly_ingestion_caught_up_timestamp_seconds", "Everything that was in the log at this time is counted"
)
lag = metrics.gauge("scanly_ingestion_lag_records", "Scan records in the log that are not counted yet")
lag_seconds = metrics.gauge("scanly_ingestion_lag_seconds", "Age of the oldest scan that is known and not counted yet")
batch_seconds = metrics.histogram("scanly_ingestion_batch_seconds", "Time to count one batch")
batch_records = metrics.histogram(
    "scanly_ingestion_batch_records", "Records counted in one batch", buckets=(1, 10, 100, 1_000, 2_000, 5_000, 10_000)
)
