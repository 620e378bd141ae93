"""Looking at a file before it is kept: what it is by its content, and the reason if it can't be taken."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

import filetype

from storage.kinds.attachments import LARGEST, MEDIA_TYPES, USUAL
from storage.marks import bears_secret_mark

NAME_LENGTH = 100
PROBE_SECONDS = 30
"""How long a PDF may take by the clock on the wall; its processor time is limited in `storage.pdf_probe`."""
PIXELS = 100_000_000
"""A picture with more is a bomb or a poster."""
UNPACKED = 16 * 1024 * 1024
"""Bytes to which the texts of an Office file may unpack together: a zip of 1 MB can hold a thousand times more."""


class Reason(StrEnum):
    """Why a file is not taken; each with the values that its sentence names."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"  # megabytes: the limit
    EXECUTABLE = "executable"
    ARCHIVE = "archive"
    HEIC = "heic"
    UNKNOWN = "unknown"
    MISNAMED = "misnamed"  # extension: of the name; found: by content
    UNWANTED = "unwanted"  # found; accepts: a tuple
    ENCRYPTED = "encrypted"
    MACRO = "macro"
    BROKEN = "broken"
    TOO_COMPLEX = "too_complex"
    SECRET_MARK = "secret_mark"  # noqa: S105 - no password


@dataclass(frozen=True)
class Refusal:
    """One reason with its values."""

    reason: Reason
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Inspection:
    """What a file is. `refusal` is None where it may be kept."""

    name: str
    """Safe to show and to save under; its extension is that of the content."""
    media_type: str
    size: int
    """Bytes."""
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    """Pixels."""
    refusal: Refusal | None = None


def inspect(data: bytes, name: str | None, accepts: Collection[str] = USUAL, caption: str = "") -> Inspection:
    """Look at a file that came with this name and caption, for a question that `accepts` pdf, jpeg, png, docx, …

    Type by content, which the name's extension must match; never archives, programs, macros, encrypted files
    (services.md (b), `file`), nor what bears a mark of secrecy. May take seconds: not for the event loop.
    """
    found = _type_of(data, name) if len(data) <= LARGEST else None
    seen = Inspection(safe_name(name, found or ""), MEDIA_TYPES.get(found or "", OCTETS), len(data))
    refusal = _refused_at_sight(data, name, found, accepts)
    if refusal is None and bears_secret_mark(f"{PurePosixPath(name or '').stem}\n{caption}"):
        refusal = Refusal(Reason.SECRET_MARK)
    if refusal is not None:
        return replace(seen, refusal=refusal)
    if found == "pdf":
        return _look_into_pdf(seen, data)
    if found in ("jpeg", "png"):
        return _look_into_picture(seen, data)
    if found in _OFFICE:
        return _look_into_office(seen, data)
    return replace(seen, refusal=_mark_in(_decoded(data) or ""))


def safe_name(name: str | None, extension: str) -> str:
    """A name without folders, control characters and tricks of direction, at most 100 characters long.

    `extension` (pdf, jpeg, …) takes the place of whatever extension it had.
    """
    words = unicodedata.normalize("NFC", name or "")
    words = "".join(c for c in words if unicodedata.category(c) not in _UNSEEN)
    words = re.split(r"[/\\]", words)[-1]
    words = re.sub(r'[<>:"|?*\s]+', " ", words)
    suffix = PurePosixPath(words.strip(". ")).suffix
    stem = words.strip(". ").removesuffix(suffix) if _is_extension(suffix) else words
    ending = f".{_ENDINGS.get(extension, extension)}" if extension else ""
    return (stem.strip(". ")[: NAME_LENGTH - len(ending)].rstrip(". ") or "file") + ending


def _type_of(data: bytes, name: str | None) -> str | None:
    """One of MEDIA_TYPES's words, by content; None where it is none of them."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _office_type(data)
    guess = filetype.guess(data)
    word = _WORDS.get(guess.mime) if guess is not None else None
    if word is None and guess is None and _extension(name) == "csv" and _decoded(data) is not None:
        return "csv"
    return word


def _office_type(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        return None
    return next((word for word, part in _OFFICE.items() if part in names), None)


def _refused_at_sight(
    data: bytes, name: str | None, found: str | None, accepts: Collection[str]
) -> Refusal | None:
    extension = _extension(name)
    if not data:
        return Refusal(Reason.EMPTY)
    if len(data) > LARGEST:
        return Refusal(Reason.TOO_LARGE, {"megabytes": LARGEST // 1024**2})
    if extension in _MACRO_ENDINGS:
        return Refusal(Reason.MACRO)
    if found is None:
        return Refusal(_unwelcome(data, extension))
    if extension and extension not in _ENDINGS_OF[found]:
        return Refusal(Reason.MISNAMED, {"extension": extension, "found": found})
    if found not in accepts:
        return Refusal(Reason.UNWANTED, {"found": found, "accepts": tuple(accepts)})
    return None


def _unwelcome(data: bytes, extension: str) -> Reason:
    """What a file is that is none of the types we know."""
    guess = filetype.guess(data)
    mime = guess.mime if guess is not None else ""
    if mime in ("image/heic", "image/heif", "image/avif") or data[4:12] in _HEIF_BRANDS:
        return Reason.HEIC
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and extension in ("docx", "xlsx"):
        return Reason.ENCRYPTED  # Office keeps a file with a password in its older container
    if mime in _PROGRAMS or data[:2] in (b"MZ", b"#!") or extension in _PROGRAM_ENDINGS:
        return Reason.EXECUTABLE
    if mime in _ARCHIVES or data[:2] == b"PK":
        return Reason.ARCHIVE
    return Reason.UNKNOWN


def _look_into_pdf(seen: Inspection, data: bytes) -> Inspection:
    probe = [sys.executable, "-I", str(Path(__file__).with_name("pdf_probe.py"))]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program; the PDF comes by standard input
            probe,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
            check=False,
        )
        found = json.loads(ended.stdout) if ended.returncode == 0 else _NEVER_ENDED
    except (subprocess.TimeoutExpired, ValueError):
        found = _NEVER_ENDED
    for sign, reason in _PDF_REFUSALS.items():
        if found.get(sign):
            return replace(seen, refusal=Refusal(reason))
    if not found["pages"]:
        return replace(seen, refusal=Refusal(Reason.BROKEN))
    return replace(seen, pages=found["pages"], refusal=_mark_in(str(found["text"])))


def _look_into_picture(seen: Inspection, data: bytes) -> Inspection:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only where a picture came

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
            picture.verify()
    except Image.DecompressionBombError:
        return replace(seen, refusal=Refusal(Reason.TOO_COMPLEX))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return replace(seen, refusal=Refusal(Reason.BROKEN))
    refusal = Refusal(Reason.TOO_COMPLEX) if width * height > PIXELS else None
    return replace(seen, width=width, height=height, refusal=refusal)


def _look_into_office(seen: Inspection, data: bytes) -> Inspection:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(one.flag_bits & 1 for one in archive.infolist()):
                return replace(seen, refusal=Refusal(Reason.ENCRYPTED))
            if any(one.filename.lower().endswith("vbaproject.bin") for one in archive.infolist()):
                return replace(seen, refusal=Refusal(Reason.MACRO))
            text = _office_text(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, zlib.error):
        return replace(seen, refusal=Refusal(Reason.BROKEN))
    return replace(seen, refusal=Refusal(Reason.TOO_COMPLEX) if text is None else _mark_in(text))


def _office_text(archive: zipfile.ZipFile) -> str | None:
    """The words of all parts; None where they unpack to too much.

    By pattern, not by an XML parser: there is nothing to expand.
    """
    texts: list[str] = []
    room = UNPACKED
    for name in archive.namelist():
        if _OFFICE_TEXT.match(name):
            with archive.open(name) as stream:
                unpacked = stream.read(room + 1)
            room -= len(unpacked)
            if room < 0:
                return None
            xml = unpacked.decode("utf-8", errors="replace")
            texts.append(re.sub(r"<[^>]*>", "", re.sub(r"</(?:w:p|si)>", "\n", xml)))
    return "\n".join(texts)


def _mark_in(text: str) -> Refusal | None:
    return Refusal(Reason.SECRET_MARK) if bears_secret_mark(text) else None


def _decoded(data: bytes) -> str | None:
    """Plain text in one of the encodings that Chinese offices use, or None."""
    if b"\0" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _extension(name: str | None) -> str:
    return PurePosixPath((name or "").strip()).suffix.removeprefix(".").lower()


def _is_extension(suffix: str) -> bool:
    return re.fullmatch(r"\.[A-Za-z0-9]{1,5}", suffix) is not None


OCTETS = "application/octet-stream"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode that nobody sees in a name: controls, directions, surrogates, unassigned, separators."""
_WORDS = {"image/jpeg": "jpeg", "image/png": "png", "image/apng": "png"}
_ENDINGS = {"jpeg": "jpg"}
_ENDINGS_OF = {word: {word} for word in MEDIA_TYPES} | {"jpeg": {"jpg", "jpeg", "jpe", "jfif"}}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
"""By which part an Office file is known."""
_OFFICE_TEXT = re.compile(r"(?:word/(?:document|header\d*|footer\d*)|xl/sharedStrings|docProps/core)\.xml$")
_NEVER_ENDED = {"complex": True}
_PDF_REFUSALS = {
    "complex": Reason.TOO_COMPLEX,
    "broken": Reason.BROKEN,
    "encrypted": Reason.ENCRYPTED,
    "active": Reason.MACRO,
}
_HEIF_BRANDS = {
    b"ftyp" + brand.encode() for brand in ("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif")
}
_PROGRAMS = {
    "application/x-msdownload",
    "application/x-executable",
    "application/wasm",
    "application/x-deb",
    "application/x-rpm",
    "application/x-google-chrome-extension",
    "application/x-shockwave-flash",
}
_PROGRAM_ENDINGS = {
    *("exe", "msi", "bat", "cmd", "com", "scr", "pif", "dll", "lnk", "reg", "app", "dmg", "apk", "jar"),
    *("js", "jse", "vbs", "vbe", "wsf", "hta", "ps1", "sh", "py"),
}
_MACRO_ENDINGS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm"}
_ARCHIVES = {
    "application/epub+zip",
    "application/gzip",
    "application/vnd.ms-cab-compressed",
    "application/x-7z-compressed",
    "application/x-brotli",
    "application/x-bzip2",
    "application/x-compress",
    "application/x-lz4",
    "application/x-lzip",
    "application/x-lzop",
    "application/x-rar-compressed",
    "application/x-tar",
    "application/x-unix-archive",
    "application/x-xz",
    "application/zip",
    "application/zstd",
}
