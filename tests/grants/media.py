"""What is particular to media, see tests/grants/__init__.py."""

UNCALLED = {
    # Files of direct uploads. In the events of these functions, files came by POST /media.
    "DeleteMediaFunction": {"DeleteObjectVersion on MediaBucket/uploads/*"},
    "DownloadMediaFunction": {"GetObjectVersion on MediaBucket/uploads/*"},
    "FollowMediaLinkFunction": {"GetObjectVersion on MediaBucket/uploads/*"},
    "OnMediaUploadFunction": {
        # S3 answers 404 for a missing object only to callers who may list the bucket.
        "ListBucket on MediaBucket",
        # Only if the media is deleted during the inspection.
        "DeleteObjectVersion on MediaBucket/thumbnails/*",
        "DeleteObjectVersion on MediaBucket/shared/*",
    },
    # Only if the media is deleted during the upload.
    "UploadMediaFunction": {
        "ListBucketVersions on MediaBucket",
        "DeleteObjectVersion on MediaBucket/files/*",
        "DeleteObjectVersion on MediaBucket/thumbnails/*",
        "DeleteObjectVersion on MediaBucket/shared/*",
    },
}
OPEN_TO_ALL = {("GET", "/"), ("GET", "/shared/{token}")}
"""The page itself, and links whose token is all the right that there is."""
EXPENSIVE = {("POST", "/media"), ("POST", "/media/uploads")}
"""Each starts a function with much memory, at once or when the file arrives."""
