"""What each function may do: the one table that template.yaml, and the roles of a deployed stack, are held to.

By function, then by what a grant is for: a table, `Table/index/name`, `Table/stream`, a queue, a bucket, or the objects
of a bucket under a prefix.
"""


def _consumes(table: str, queue: str) -> dict[str, set[str]]:
    """Return what Lambda needs to read a table's stream in a function's name, and to report what failed."""
    return {
        f"{table}/stream": {"DescribeStream", "GetRecords", "GetShardIterator"},
        f"{table}/stream/*": {"ListStreams"},
        queue: {"SendMessage"},
    }


_THUMBNAILS = {"MediaBucket/thumbnails/*": {"GetObject"}}
_FILES = {"MediaBucket/files/*": {"GetObjectVersion"}, "MediaBucket/uploads/*": {"GetObjectVersion"}}

GRANTS: dict[str, dict[str, set[str]]] = {
    "AuthorizeFunction": {},
    "CreateProductFunction": {
        "ProductsTable": {"PutItem"},
        "IdempotencyTable": {"PutItem"},
    },
    "ListProductsFunction": {"ProductsTable": {"Query"}},
    "GetProductFunction": {"ProductsTable": {"GetItem"}},
    "UpdateProductFunction": {"ProductsTable": {"UpdateItem"}},
    "DeleteProductFunction": {"ProductsTable": {"DeleteItem"}},
    "OnProductChangeFunction": _consumes("ProductsTable", "OnProductChangeFailureQueue"),
    "OnUserChangeFunction": {
        **_consumes("UsersTable", "OnUserChangeFailureQueue"),
        "UserArchiveBucket/*": {"PutObject"},
    },
    "PageMediaFunction": {},
    "UploadMediaFunction": {
        "MediaTable": {"PutItem"},
        "MediaBucket/files/*": {"PutObject"},
        "MediaBucket/thumbnails/*": {"PutObject"},
    },
    "PresignMediaFunction": {"MediaTable": {"PutItem"}, "MediaBucket/uploads/*": {"PutObject"}},
    "ListMediaFunction": {"MediaTable/index/owner-created_at-index": {"Query"}, **_THUMBNAILS},
    "GetMediaFunction": {"MediaTable": {"GetItem"}, **_THUMBNAILS},
    "DeleteMediaFunction": {
        "MediaTable": {"GetItem", "DeleteItem"},
        "MediaBucket": {"ListBucketVersions"},
        "MediaBucket/files/*": {"DeleteObjectVersion"},
        "MediaBucket/uploads/*": {"DeleteObjectVersion"},
        "MediaBucket/thumbnails/*": {"DeleteObjectVersion"},
    },
    "DownloadMediaFunction": {"MediaTable": {"UpdateItem"}, **_FILES},
    "StatsMediaFunction": {"MediaTable": {"GetItem"}},
    "ShareMediaFunction": {"MediaTable": {"UpdateItem"}},
    "UnshareMediaFunction": {"MediaTable": {"UpdateItem"}},
    "FollowMediaLinkFunction": {"MediaTable": {"UpdateItem"}, **_FILES},
    "OnMediaUploadFunction": {
        "MediaTable": {"GetItem", "UpdateItem"},
        "MediaBucket": {"ListBucket", "ListBucketVersions"},
        "MediaBucket/uploads/*": {"GetObjectVersion", "DeleteObjectVersion"},
        "MediaBucket/thumbnails/*": {"PutObject", "DeleteObject"},
        "OnMediaUploadFailureQueue": {"SendMessage"},
    },
    "CreateMessageGroupFunction": {"MessagesTable": {"PutItem"}, "IdempotencyTable": {"PutItem"}},
    "ListMessageGroupsFunction": {"MessagesTable": {"Query"}},
    "ListMessagesFunction": {"MessagesTable": {"GetItem", "Query"}},
    "CreateMessageFunction": {"MessagesTable": {"GetItem", "PutItem"}, "IdempotencyTable": {"PutItem"}},
    "OnMessageFunction": {
        "MessagesTable": {"GetItem", "PutItem", "UpdateItem", "DeleteItem"},
        **_consumes("MessagesTable", "OnMessageFailureQueue"),
    },
}
