"""The handler `bare`, traced by the SDK of OpenTelemetry as its layer for Lambda does. Its spans go nowhere."""

from typing import Any

from opentelemetry import trace
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(InMemorySpanExporter()))
trace.set_tracer_provider(provider)
BotocoreInstrumentor().instrument()

import bare  # noqa: E402 - the client is created after the SDK is instrumented

tracer = trace.get_tracer("benchmark")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    with tracer.start_as_current_span("handler"):
        return bare.handler(event, context)
