"""Files as answers, passport photos, and free text: limits, and what is kept as it was written."""

from __future__ import annotations

import pytest

from storage.kinds import Context, FileRef
from storage.kinds.attachments import MEGABYTE, FileKind, PhotoIdKind, photo_problem
from storage.kinds.kind import Kind, Refused, Taken
from storage.kinds.texts import TextKind
from storage.kinds.treatment import folded, original, treated

ENGLISH = Context("en")


def file(name: str = "scan.pdf", media_type: str = "application/pdf", size: int = 1000) -> FileRef:
    return FileRef(digest=name, name=name, media_type=media_type, size=size)


@pytest.mark.parametrize(
    ("files", "fits"),
    [
        ((file(),), True),
        ((file("a.png", "image/png"), file("b.jpg", "image/jpeg")), True),
        ((), False),
        (tuple(file(str(number)) for number in range(11)), False),
        ((file("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),), False),
        ((file(size=20 * MEGABYTE),), True),
        ((file(size=20 * MEGABYTE + 1),), False),
        (tuple(file(str(number), size=20 * MEGABYTE) for number in range(3)), True),
        ((*(file(str(number), size=20 * MEGABYTE) for number in range(3)), file()), False),
    ],
)
def test_number_type_and_size_of_files(files: tuple[FileRef, ...], fits: bool) -> None:
    assert (FileKind().check(files, ENGLISH) is None) is fits


def test_a_question_says_how_many_files_of_which_types() -> None:
    kind = FileKind().limited(at_least=2, at_most=2, accepts=("docx",))
    document = file("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert kind.check((document, document), ENGLISH) is None
    assert kind.check((document,), ENGLISH) is not None
    assert kind.check((file(), file()), ENGLISH) is not None


def test_text_in_place_of_a_file_is_refused_and_files_survive_storage() -> None:
    assert isinstance(FileKind().read("here it is", ENGLISH), Refused)
    files = (file(), file("b.png", "image/png"))
    assert FileKind().load(FileKind().dump(files)) == files
    assert FileKind().show(files, "en") == "scan.pdf and b.png"


@pytest.mark.parametrize(
    ("media_type", "width", "height", "fits"),
    [
        ("image/jpeg", 354, 472, True),
        ("image/jpeg", 390, 567, False),
        ("image/jpeg", 420, 560, True),
        ("image/jpeg", 353, 472, False),
        ("image/jpeg", 3000, 4000, False),
        ("image/jpeg", None, None, False),
        ("image/png", 354, 472, False),
    ],
)
def test_a_passport_photo_has_its_size_in_pixels(
    media_type: str, width: int | None, height: int | None, fits: bool
) -> None:
    assert (photo_problem(media_type, width, height) is None) is fits
    assert PhotoIdKind().most == 1


@pytest.mark.parametrize(
    ("kind", "text", "fits"),
    [
        (TextKind(), "x", True),
        (TextKind(), "x" * 4096, True),
        (TextKind(), "x" * 4097, False),
        (TextKind(at_least=5), " abcd ", False),
        (TextKind(at_least=5), "abcde", True),
        (TextKind(at_most=5), " 你好世界吗 ", True),
        (TextKind(at_most=5), "你好世界吗？", False),
    ],
)
def test_length_counts_after_trimming(kind: Kind, text: str, fits: bool) -> None:
    assert isinstance(kind.read(text, ENGLISH), Taken) is fits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a   b  ", "a b"),
        ("a\r\nb\n\n\n\nc", "a\nb\n\nc"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("你好，（世界）！", "你好，（世界）！"),
        ("ＡＢＣ１２３", "ABC123"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("e\u0301", "é"),
    ],
)
def test_free_text_stays_as_it_was_written(typed: str, kept: str) -> None:
    assert original(typed) == kept


@pytest.mark.parametrize(
    ("typed", "read", "compared"),
    [
        ("１２３－４５６", "123-456", "123-456"),
        ("1—2–3−4", "1-2-3-4", "1-2-3-4"),
        ("٣३", "33", "33"),
        (" Straße\u3000Ärger ", "Straße Ärger", "strasse arger"),
        ("Мёд й", "Мёд й", "мед й"),
        ("ガギ", "ガギ", "ガギ"),
        ("금요일", "금요일", "금요일"),
        ("pa\u00ads\u200dsport", "passport", "passport"),
    ],
)
def test_treatment_before_reading(typed: str, read: str, compared: str) -> None:
    assert treated(typed) == read
    assert folded(typed) == compared
