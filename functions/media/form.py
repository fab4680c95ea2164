"""The body of POST /media: multipart/form-data (RFC 7578). Needs the media layer."""

from dataclasses import dataclass

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from media.errors import FileTooLargeError
from media.validation import MAX_DIRECT_BYTES, check_texts
from shared.api import Request
from shared.errors import InvalidBodyError, UnsupportedMediaTypeError

FIELDS = {"name", "caption", "file"}


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the client sent it. The content of the file is unchecked. `declared_type` can be empty."""

    name: str
    caption: str
    filename: str
    declared_type: str
    data: bytes


def read_form(request: Request) -> Form:
    """Return the form in a request. It has the fields `name`, `caption` and `file`, each once, and no others.

    Raises UnsupportedMediaTypeError, FileTooLargeError or InvalidBodyError.
    """
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "multipart/form-data":
        raise UnsupportedMediaTypeError("Send multipart/form-data.")
    parts = _parts(request.body_bytes(), options.get("boundary", ""))
    if parts.keys() != FIELDS or parts["file"][0].filename is None:
        raise InvalidBodyError("The form must have the fields name, caption and file, and no others.")
    head, data = parts["file"]
    if len(data) > MAX_DIRECT_BYTES:
        raise FileTooLargeError(f"The file is larger than {MAX_DIRECT_BYTES // 2**20} MiB. Use POST /media/uploads.")
    form = Form(_text(parts["name"]), _text(parts["caption"]), head.filename or "", head.content_type or "", data)
    check_texts(form.name, form.caption, form.filename)
    return form


def _parts(body: bytes, boundary: str) -> dict[str, tuple[MultipartSegment, bytes]]:
    """Return the parts by name. Raises InvalidBodyError for a repeated name: parsers differ in which part they use."""
    parts: dict[str, tuple[MultipartSegment, bytes]] = {}
    try:
        with PushMultipartParser(boundary, len(body), max_segment_count=len(FIELDS), strict=True) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    name, data = event.name or "", bytearray()
                    if name in parts:
                        raise InvalidBodyError(f"The form has the field {name[:100]} twice. Send it once.")
                    head = event
                elif event is None:
                    parts[name] = (head, bytes(data))
                else:
                    data += event
    except (MultipartError, UnicodeError) as error:
        raise InvalidBodyError(
            "The body is not valid multipart/form-data, or has other fields than name, caption and file."
        ) from error
    return parts


def _text(part: tuple[MultipartSegment, bytes]) -> str:
    head, data = part
    if head.filename is not None:
        raise InvalidBodyError("name and caption must be text.")
    try:
        return data.decode()
    except UnicodeError as error:
        raise InvalidBodyError("name and caption must be UTF-8 text.") from error
