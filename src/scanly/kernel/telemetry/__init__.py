"""What a process tells its operators: structured logs, Prometheus metrics, OpenTelemetry traces.

Not for: numbers that customers see (those belong to analytics).
"""

from scanly.kernel.telemetry.logs import configure_logging, current_request_id, get_logger, request_context
from scanly.kernel.telemetry.metrics import REGISTRY, counter, gauge, histogram, metrics_page
from scanly.kernel.telemetry.ops import OpsApp
from scanly.kernel.telemetry.readiness import Check, Grade, Readiness
from scanly.kernel.telemetry.traces import configure_traces, inject_trace, span

__all__ = [
    "REGISTRY",
    "Check",
    "Grade",
    "OpsApp",
    "Readiness",
    "configure_logging",
    "configure_traces",
    "counter",
    "current_request_id",
    "gauge",
    "get_logger",
    "histogram",
    "inject_trace",
    "metrics_page",
    "request_context",
    "span",
]
