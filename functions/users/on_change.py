"""Stream of the users table: archive each creation and deletion as one object, many users at the same time."""

from collections.abc import Sequence
from concurrent.futures import Future

from shared.concurrency import begin, concurrent_handler
from shared.observability import MetricUnit, logger, metrics
from users import store
from users.model import UserChange


class EarlierChangeFailedError(Exception):
    """A change waits for an earlier one of the same user, which was not archived."""


def _archive(changes: Sequence[UserChange]) -> list[Future[bool]]:
    """Begin with all objects. Those of one user are written in the order of its changes, up to the first that fails.

    Lambda repeats all records from there. A repeat writes nothing.
    """
    begun: list[Future[bool]] = []
    last: dict[str, Future[bool]] = {}
    for change in changes:
        last[change.user_id] = begin(_archive_after, last.get(change.user_id), change)
        begun.append(last[change.user_id])
    return begun


def _archive_after(previous: Future[bool] | None, change: UserChange) -> bool:
    # Cannot deadlock: threads take tasks in the order of submission.
    if previous is not None and previous.exception() is not None:
        raise EarlierChangeFailedError
    return store.archive_change(change)


def _report(change: UserChange, is_new: bool) -> None:  # noqa: FBT001 - the result of archive_change
    logger.info("user change archived", change=change.kind, user_id=change.user_id, key=change.object_key, new=is_new)
    metrics.add_metric(f"User{change.kind.title()}", MetricUnit.Count, int(is_new))


handler = concurrent_handler(UserChange.from_record, _archive, _report)
