"""What every stream consumer may do."""


def consumes(table: str, queue: str) -> dict[str, set[str]]:
    """Return what Lambda needs to read a table's stream in a function's name, and to report what failed."""
    return {
        f"{table}/stream": {"DescribeStream", "GetRecords", "GetShardIterator"},
        f"{table}/stream/*": {"ListStreams"},
        queue: {"SendMessage"},
    }
