"""What `dev forget` removes of a person's media."""

import pytest

from tests.unit.forgetting import BUCKETS, CANARY, forget, items, objects, plant, put, stores

OF_ANOTHER = [{"id": "2", "owner": "sub-bob"}, {"id": "2#activity"}, {"id": "sub-bob#usage"}]


@pytest.mark.usefixtures("dynamodb")
def test_metadata_and_files_in_all_versions_are_deleted() -> None:
    plant("MediaTable", {"id": "1", "owner": "sub-canary"}, {"id": "1#activity"}, {"id": "sub-canary#usage"})
    plant("MediaTable", *OF_ANOTHER)
    for key in ("files/sub-canary/1", "files/sub-canary/1", "thumbnails/sub-canary/1/v1", "shared/sub-canary/1/v1"):
        put("MediaBucket", key, b"canary")
    stores().s3.delete_object(Bucket=BUCKETS["MediaBucket"], Key="files/sub-canary/1")  # leaves a marker
    put("MediaBucket", "files/sub-bob/2", b"bob")
    put("FailureBucket", "1", {"Records": [{"s3": {"object": {"key": "uploads/sub-canary/1"}}}]})

    forget(CANARY, stores())

    assert items("MediaTable") == OF_ANOTHER
    assert objects("MediaBucket") == {"files/sub-bob/2": ["bob"]}
    assert objects("FailureBucket") == {}
