"""Logger and metrics of every function. Log ids, never request bodies."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

__all__ = ["MetricUnit", "logger", "metrics"]

logger = Logger(use_rfc3339=True)
metrics = Metrics()
