"""What the functions of media may do, see tests/grants/__init__.py."""

from tests.grants.consumer import GIVES_UP

_THUMBNAILS = {"MediaBucket/thumbnails/*": {"GetObject"}}
_FILES = {"MediaBucket/files/*": {"GetObjectVersion"}, "MediaBucket/uploads/*": {"GetObjectVersion"}}

GRANTS: dict[str, dict[str, set[str]]] = {
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
        **GIVES_UP,
    },
}
OPEN_TO_ALL = {("GET", "/"), ("GET", "/shared/{token}")}
"""The page itself, and links whose token is all the right that there is."""
EXPENSIVE = {("POST", "/media"), ("POST", "/media/uploads")}
"""Each starts a function with much memory, at once or when the file arrives."""
