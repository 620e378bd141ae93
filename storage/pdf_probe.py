"""A program of its own that reads one hostile PDF within limits: PDF in, one JSON object out.

Started by `storage.inspection` as a process, because a PDF can make any reader loop or swell (nested
filters, page trees without end), and only a process can be stopped. It imports nothing of ours.
"""

from __future__ import annotations

import io
import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
TEXT_SECONDS = 5.0
"""For how long text is read; the marks of secrecy stand on the first pages."""
TEXT_LENGTH = 1_000_000


def main() -> None:
    """Read standard input, write what was found."""
    _limit()
    print(json.dumps(probe(sys.stdin.buffer.read())))  # noqa: T201 - this is its output


def probe(data: bytes) -> dict[str, object]:
    """Pages, encryption, active content and text of a PDF; or that it is broken or swells beyond all measure."""
    from pypdf import PdfReader  # noqa: PLC0415 - under the limits
    from pypdf.errors import LimitReachedError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            return {"encrypted": True}
        return {"pages": len(reader.pages), "active": _is_active(reader), "text": _text(reader)}
    except (LimitReachedError, MemoryError, RecursionError):
        return {"complex": True}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        return {"broken": True}


def _is_active(reader: PdfReader) -> bool:
    """Whether it does something when it is opened: a script or a program."""
    root = reader.root_object
    names = root.get("/Names")
    if names is not None and "/JavaScript" in names.get_object():
        return True
    action = root.get("/OpenAction")
    action = action.get_object() if action is not None else None
    return "/AA" in root or (isinstance(action, dict) and action.get("/S") in ("/JavaScript", "/Launch"))


def _text(reader: PdfReader) -> str:
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    until = time.monotonic() + TEXT_SECONDS
    parts: list[str] = []
    length = 0
    for page in reader.pages:
        if time.monotonic() > until or length > TEXT_LENGTH:
            break
        try:
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()  # extract_text() would pass over a stream that swells beyond pypdf's limit
            parts.append(page.extract_text())
        except (LimitReachedError, MemoryError, RecursionError):
            raise
        except Exception:  # noqa: S112 - a page whose text can't be read still counts as a page
            continue
        length += len(parts[-1])
    return "\n".join(parts)[:TEXT_LENGTH]


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
