"""Logger and metrics of every function. Log ids, never request bodies."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

__all__ = ["MetricUnit", "logger", "metrics"]

# An invocation returns the last 4 KB of its log only, so each trace is logged once, as text.
logger = Logger(use_rfc3339=True, serialize_stacktrace=False)
metrics = Metrics()
