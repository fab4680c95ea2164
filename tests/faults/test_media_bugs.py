"""A bug that is put into media, and found."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest import mock

from media import delete, files, store
from shared.clock import now

type Finds = Callable[[str, AbstractContextManager[object]], bool]


def test_metadata_that_is_deleted_before_the_file(finds: Finds) -> None:
    def delete_metadata_first(media_id: str, owner: str) -> None:
        media = store.get_media(media_id, owner, now())
        store.delete_media(media)
        files.delete_objects(media)

    assert finds("media/delete/ok", mock.patch.object(delete, "_delete", delete_metadata_first))
