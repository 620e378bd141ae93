"""The files that people of a transcript send: small real ones, made from their names alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from PIL import Image
from pypdf import PdfWriter

_A4 = (595, 842)


def paper(name: str) -> bytes:
    """What a file of that name holds: a page, a picture, a text.

    A PDF with "locked" in its name is locked; a picture with "portrait" in it has a passport photo's shape.
    """
    made = _MADE.get(name.rpartition(".")[2].casefold())
    return made(name) if made is not None else f"This is {name}.".encode()


def _pdf(name: str) -> bytes:
    written = PdfWriter()
    written.add_blank_page(*_A4)
    written.add_metadata({"/Title": name})
    if "locked" in name:
        written.encrypt("password")
    buffer = io.BytesIO()
    written.write(buffer)
    return buffer.getvalue()


def _picture(kind: str) -> Callable[[str], bytes]:
    def make(name: str) -> bytes:
        shade = sum(name.encode()) % 200
        buffer = io.BytesIO()
        size = (390, 520) if "portrait" in name else (480, 640)
        Image.new("RGB", size, (shade, 120, 160)).save(buffer, kind)
        return buffer.getvalue()

    return make


def _word(name: str) -> bytes:
    """The least that is a Word document (ECMA-376)."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{body}"><w:body><w:p><w:r><w:t>{name}</w:t></w:r></w:p>'
        "</w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for part, text in parts.items():
            packed.writestr(part, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return buffer.getvalue()


_MADE: dict[str, Callable[[str], bytes]] = {
    "pdf": _pdf,
    "jpg": _picture("JPEG"),
    "jpeg": _picture("JPEG"),
    "png": _picture("PNG"),
    "docx": _word,
}
