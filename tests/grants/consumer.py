"""What every consumer may do."""

GIVES_UP = {"FailureBucket": {"ListBucket"}, "FailureBucket/*": {"PutObject"}}
"""What Lambda needs to store failed events in a function's name."""


def consumes(table: str) -> dict[str, set[str]]:
    """Return what Lambda needs to read a table's stream in a function's name, and to store what failed."""
    return {
        f"{table}/stream": {"DescribeStream", "GetRecords", "GetShardIterator"},
        f"{table}/stream/*": {"ListStreams"},
        **GIVES_UP,
    }
