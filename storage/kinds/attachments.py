"""Files as an answer: one or several, of named types; the bytes lie sealed elsewhere, here stand their references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from locales import N_, show_list
from storage.kinds.kind import Context, Control, Kept, Kind, Problem, Reading, Refused

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
"""Of one file (Bot API, getFile: bots can download files of up to 20 MB)."""
LARGEST_TOGETHER = 60 * MEGABYTE
"""Of all files of one answer (services.md (b), `file`)."""
USUAL = ("pdf", "jpeg", "png")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
"""What a question may accept, by the word that `Ask(accepts=…)` uses."""
ID_PHOTO_PIXELS = ((354, 420), (472, 560))
"""Width and height of a photo of 33 × 48 mm (services.md (b), `photo_id`)."""


class FileRef(BaseModel):
    """A file as an answer holds it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    digest: str
    """Keyed digest of the content, by which the sealed bytes are found."""
    name: str
    media_type: str
    size: int
    """Bytes."""
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    """Pixels of a picture."""


class Inspected(Protocol):
    """What is known of a picture's bytes after they were looked at."""

    @property
    def media_type(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


@dataclass(frozen=True)
class FileKind(Kind):
    """`at_least` to `at_most` files (one to ten where the question does not say), of the types it `accepts`."""

    name: ClassVar[str] = "file"
    kept: ClassVar[Kept] = Kept.PARTS
    control: ClassVar[Control] = Control.FILE
    python: ClassVar[Any] = tuple[FileRef, ...]

    def read(self, text: str, context: Context) -> Reading:
        return Refused(Problem(N_("A file is needed here. Send it as a file: {accepts}."), self._accepted))

    def check(self, value: Any, context: Context) -> Problem | None:
        files: tuple[FileRef, ...] = value
        if len(files) < self.least:
            return Problem(
                N_("At least {n} files are needed here; {given} came."),
                {"n": self.least, "given": len(files)},
            )
        if len(files) > self.most:
            return Problem(
                N_("At most {n} files fit here; these are {given}."), {"n": self.most, "given": len(files)}
            )
        for file in files:
            if (problem := self.check_file(file)) is not None:
                return problem
        if sum(file.size for file in files) > LARGEST_TOGETHER:
            return Problem(N_("These files are larger than 60 MB together. Send fewer or smaller ones."))
        return None

    def check_file(self, file: FileRef) -> Problem | None:
        """One file by itself, as it arrives."""
        if file.media_type not in self.media_types:
            return Problem(
                N_("“{name}” is of a type that does not fit here. Send {accepts}."),
                {"name": file.name, **self._accepted},
            )
        if file.size > LARGEST:
            return Problem(
                N_("“{name}” is larger than 20 MB. Send a smaller one, such as a scan in grey."),
                {"name": file.name},
            )
        return None

    def show(self, value: Any, language: str) -> str:
        return show_list([file.name for file in value], language)

    @property
    def least(self) -> int:
        return 1 if self.at_least is None else self.at_least

    @property
    def most(self) -> int:
        return 10 if self.at_most is None else self.at_most

    @property
    def media_types(self) -> frozenset[str]:
        """What the content may be, as its first bytes tell it and not its name."""
        return frozenset(MEDIA_TYPES[word] for word in (self.accepts or USUAL))

    @property
    def _accepted(self) -> dict[str, object]:
        return {"accepts": tuple(word.upper() for word in (self.accepts or USUAL))}


@dataclass(frozen=True)
class PhotoIdKind(FileKind):
    """One passport photo: JPEG of 33 × 48 mm, white ground, not older than six months."""

    name: ClassVar[str] = "photo_id"
    accepts: tuple[str, ...] = ("jpeg",)

    def read(self, text: str, context: Context) -> Reading:
        return Refused(
            Problem(N_("A photo is needed here: JPEG, 33 × 48 mm, white ground. Send it as a file."))
        )

    @property
    def most(self) -> int:
        return 1 if self.at_most is None else self.at_most

    def check_file(self, file: FileRef) -> Problem | None:
        """One picture by itself, as it arrives: its type, then its shape."""
        return super().check_file(file) or self.check_picture(file)

    def check_picture(self, picture: Inspected) -> Problem | None:
        """The picture's type and size in pixels; whether ground and age are right is for a person to see."""
        return photo_problem(picture.media_type, picture.width, picture.height)


def photo_problem(media_type: str, width: int | None, height: int | None) -> Problem | None:
    """Whether a picture can be a passport photo, by its type and pixels (services.md (b), `photo_id`)."""
    if media_type != MEDIA_TYPES["jpeg"]:
        return Problem(N_("A passport photo must be a JPEG picture, sent as a file."))
    (narrowest, widest), (lowest, highest) = ID_PHOTO_PIXELS
    if width is None or height is None or not (narrowest <= width <= widest and lowest <= height <= highest):
        given = {"width": width or "?", "height": height or "?"}
        return Problem(
            N_(
                "This picture has {width} × {height} pixels. A photo of 33 × 48 mm has 354 to 420 by 472 to 560: "
                "crop it and send it as a file."
            ),
            given,
        )
    return None
