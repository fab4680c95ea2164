"""multipart/form-data, made by hand: tests send what no client would."""

BOUNDARY = "boundary-7d1"

type Part = tuple[str, str] | tuple[str, str, str, bytes]
"""A field's name and text; or name, filename, content type and bytes of a file. Header values are not escaped."""


def multipart(parts: list[Part], boundary: str = BOUNDARY) -> tuple[bytes, str]:
    """Return a form's body and its content type."""
    body = b"".join(_part(part, boundary) for part in parts)
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _part(part: Part, boundary: str) -> bytes:
    if len(part) == 2:
        name, text = part
        head, data = f'Content-Disposition: form-data; name="{name}"', text.encode()
    else:
        name, filename, content_type, data = part
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {content_type}'
    return f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"
