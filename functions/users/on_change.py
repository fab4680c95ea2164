"""Stream of the users table: archive each creation and deletion as one object, all of a batch at the same time."""

from collections.abc import Sequence
from concurrent.futures import Future

from shared.concurrency import begin, concurrent_handler
from shared.observability import MetricUnit, logger, metrics
from users import store
from users.model import UserChange


def _archive(changes: Sequence[UserChange]) -> list[Future[bool]]:
    """Begin with all objects. A repeat writes nothing."""
    return [begin(store.archive_change, change) for change in changes]


def _report(change: UserChange, is_new: bool) -> None:  # noqa: FBT001 - the result of archive_change
    logger.info("user change archived", change=change.kind, user_id=change.user_id, key=change.object_key, new=is_new)
    metrics.add_metric(f"User{change.kind.title()}", MetricUnit.Count, int(is_new))


handler = concurrent_handler(UserChange.from_record, _archive, _report)
