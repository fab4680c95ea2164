"""The background process that drives every event source mapping of a deployed stack.

Run it as `python -m dev.local_aws.event_sources.poller HOME`.

After SIGTERM, running invocations finish, the remaining records of the streams are delivered within a time limit, and
every checkpoint is saved.
"""

import json
import logging
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from botocore.config import Config

from dev.local_aws.emulator import root_session
from dev.local_aws.event_sources.checkpoints import Checkpoints
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping, Plan
from dev.local_aws.event_sources.service import CHECKPOINTS, PLAN, STARTED
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.event_sources.worker import StopSignal, Worker
from dev.local_aws.failure_bucket import object_key
from dev.local_aws.invocation import SENT_ONCE, invoke
from dev.local_aws.signals import SIGNALS

log = logging.getLogger(__name__)


def main(home: Path) -> None:
    """Poll until SIGTERM or SIGINT."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    plan = Plan.from_text((home / PLAN).read_text())
    stop_signal = StopSignal()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop_signal.request_stop())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    log.info(f"{STARTED} %s", ", ".join(planned.logical_id for planned in plan.mappings))
    polling = workers(plan, home, stop_signal)
    with ThreadPoolExecutor(len(polling)) as threads:
        while any([*threads.map(Worker.run, polling)]):
            pass
    log.info("stopped")


def workers(plan: Plan, home: Path, stop_signal: StopSignal) -> list[Worker]:
    """Return a worker for each mapping, with its checkpoints in `home`."""
    config = SENT_ONCE.merge(Config(max_pool_connections=max(10, len(plan.mappings))))

    def client(service: str, **options: Any) -> Any:
        settings = config.merge(Config(**options))
        return root_session().client(service, endpoint_url=plan.endpoint_url, config=settings)  # type: ignore[call-overload]

    lambda_, streams, s3 = client("lambda"), client("dynamodbstreams", read_timeout=10), client("s3", read_timeout=10)
    checkpoints = Checkpoints(home / CHECKPOINTS)
    return [
        Worker(
            planned=planned,
            stream=Stream(streams, planned.stream_arn),
            invoke=partial(invoke, lambda_, planned.function_arn),
            store_failure=partial(_store_failure, s3, planned),
            checkpoints=checkpoints,
            stop_signal=stop_signal,
        )
        for planned in plan.mappings
    ]


def _store_failure(s3: Any, planned: DeployedMapping, record: dict[str, Any]) -> None:
    """Put an invocation record into the failure bucket of a mapping."""
    key = object_key(f"{planned.uuid}/{record['DDBStreamBatchInfo']['shardId']}", record["timestamp"])
    s3.put_object(Bucket=planned.failure_bucket, Key=key, Body=json.dumps(record))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
