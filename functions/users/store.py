"""The archive of user changes, one S3 object each."""

import json
import os
from dataclasses import asdict

from shared.aws import ClientError, error_code, s3_client
from users.model import UserChange

_s3 = s3_client()


def archive_change(change: UserChange) -> bool:
    """Put a change into the archive. Returns False without writing if it is there already."""
    try:
        _s3.put_object(
            Bucket=os.environ["USER_ARCHIVE_BUCKET"],
            Key=change.object_key,
            Body=json.dumps(asdict(change), ensure_ascii=False).encode(),
            ContentType="application/json",
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error_code(error) != "PreconditionFailed":
            raise
        return False
    return True
