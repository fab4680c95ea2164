"""An AWS that answers at once, on loopback: DynamoDB and S3 with given items and objects, which no request changes."""

import contextlib
import json
import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

type Item = dict[str, Any]

_VERSIONS = """<ListVersionsResult><IsTruncated>false</IsTruncated><Version><Key>{key}</Key><VersionId>1</VersionId>
</Version></ListVersionsResult>"""


@contextlib.contextmanager
def stub_aws(tables: Mapping[str, list[Item]], objects: Mapping[str, bytes]) -> Iterator[str]:
    """Serve items in DynamoDB's format by table, and objects by `/bucket/key`. Provides the endpoint's URL."""
    handler = type("Handler", (_Handler,), {"tables": tables, "objects": objects})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    tables: Mapping[str, list[Item]]
    objects: Mapping[str, bytes]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for head and body

    def handle_expect_100(self) -> bool:
        """Answer at once, or botocore waits a second for it."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def do_POST(self) -> None:
        operation, request = self.headers["X-Amz-Target"].partition(".")[2], json.loads(self._body())
        body = json.dumps(dynamodb(operation, request, self.tables)).encode()
        crc = {"Content-Type": "application/x-amz-json-1.0", "x-amz-crc32": str(zlib.crc32(body))}
        self._respond(200, body, crc)

    def do_GET(self) -> None:
        self._body()
        url = urlsplit(self.path)
        prefix = re.search(r"prefix=([^&]*)", url.query)
        if url.path == "/":  # what a function sends to connect
            self._respond(200, b"", {})
        elif prefix:
            self._respond(200, _VERSIONS.format(key=unquote(prefix[1])).encode(), {"Content-Type": "application/xml"})
        else:
            found = self.objects.get(unquote(url.path))
            self._respond(404 if found is None else 200, found or b"", {"x-amz-version-id": "1"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self._body()
        self._respond(200, b"", {"ETag": '"1"', "x-amz-version-id": "1"})

    def do_DELETE(self) -> None:
        self._body()
        self._respond(204, b"", {})

    def _body(self) -> bytes:
        """Read the request, also one in chunks."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        while size := int(self.rfile.readline().split(b";")[0], 16):
            self.rfile.read(size + 2)
        while self.rfile.readline().strip():
            pass
        return b""

    def _respond(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def dynamodb(operation: str, request: Mapping[str, Any], tables: Mapping[str, list[Item]]) -> Mapping[str, Any]:
    """Return the answer to a request."""
    items = tables.get(request.get("TableName", ""), [])
    match operation:
        case "GetItem":
            found = [item for item in items if request["Key"].items() <= item.items()]
            return {"Item": found[0]} if found else {}
        case "UpdateItem":
            found = [item for item in items if request["Key"].items() <= item.items()]
            return {"Attributes": found[0]} if found else {}
        case "Query":
            found = [item for item in items if _matches(item, request)]
            return {"Items": found, "Count": len(found), "ScannedCount": len(found)}
        case "BatchGetItem":
            return {
                "Responses": {
                    table: [
                        item for item in tables.get(table, []) for key in get["Keys"] if key.items() <= item.items()
                    ]
                    for table, get in request["RequestItems"].items()
                },
                "UnprocessedKeys": {},
            }
    return {}


def _matches(item: Item, query: Mapping[str, Any]) -> bool:
    """Return whether an item fits a key condition of the forms `a = :b` and `a = :b AND c < :d`."""
    comparisons = re.findall(r"(\S+) (=|<) (\S+)", query["KeyConditionExpression"])
    names, values = query.get("ExpressionAttributeNames", {}), query["ExpressionAttributeValues"]
    pairs = [
        (item.get(names.get(name, name), {}).get("S", ""), sign, values[value]["S"])
        for name, sign, value in comparisons
    ]
    return all(own == other if sign == "=" else own < other for own, sign, other in pairs)
