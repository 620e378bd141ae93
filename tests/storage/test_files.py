"""Files: what is taken, what is refused and why, and how they lie on disk."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from storage import inspection, secrets
from storage.database import Database
from storage.files import (
    FileMissing,
    Files,
    Reason,
    bears_secret_mark,
    inspect,
    is_shared,
    safe_name,
)
from storage.secrets import Keys, Tampered

ALL = ("pdf", "jpeg", "png", "docx", "xlsx", "csv")


def pdf(*pages: str, encrypted: bool = False, script: bool = False) -> bytes:
    """A PDF whose pages bear a text each, made by hand as hostile ones are."""
    import pymupdf  # noqa: PLC0415 - slow to import, and its own types are incomplete

    document = pymupdf.open()  # type: ignore[no-untyped-call]
    for words in pages or ("",):
        page = document.new_page()
        page.insert_text((72, 72), words, fontname="china-s")
    drawn = document.tobytes()  # type: ignore[no-untyped-call]
    writer = PdfWriter(clone_from=io.BytesIO(drawn))
    if script:
        writer.add_open_action(JavaScript("app.alert('x');"))
    if encrypted:
        writer.encrypt("", "owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (354, 472)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


def office(main: str = "word/document.xml", words: str = "", more: str = "docProps/x.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
        archive.writestr(more, "x")
    return out.getvalue()


def bomb() -> bytes:
    """A small PDF whose only page unpacks to a quarter of a gigabyte, through two filters."""
    body = zlib.compressobj(9)
    inner = b"".join(body.compress(b"\0" * 2**20) for _ in range(256)) + body.flush()
    packed = zlib.compress(inner, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, start)
    )


def reason(data: bytes, name: str | None, accepts: tuple[str, ...] = ALL, caption: str = "") -> Reason | None:
    refusal = inspect(data, name, accepts, caption).refusal
    return refusal.reason if refusal else None


class TestWhatIsTaken:
    def test_a_pdf_with_its_pages(self) -> None:
        seen = inspect(pdf("one", "two", "three"), "合同.pdf")
        assert (seen.refusal, seen.pages, seen.media_type) == (None, 3, "application/pdf")
        assert seen.name == "合同.pdf"

    @pytest.mark.parametrize(
        ("kind", "names"), [("JPEG", ("a.jpg", "a.JPEG", None)), ("PNG", ("a.png", "photo"))]
    )
    def test_pictures_with_their_size(self, kind: str, names: tuple[str | None, ...]) -> None:
        for name in names:
            seen = inspect(picture(kind), name)
            assert (seen.refusal, seen.width, seen.height) == (None, 354, 472)

    def test_office_files_and_tables_where_the_question_accepts_them(self) -> None:
        assert reason(office(), "plan.docx") is None
        assert reason(office("xl/workbook.xml"), "plan.xlsx") is None
        assert reason("姓名,护照\n王芳,E1\n".encode("gb18030"), "plan.csv") is None
        refusal = inspect(office(), "plan.docx").refusal
        assert refusal is not None
        assert refusal.reason is Reason.UNWANTED
        assert refusal.values == {"found": "docx", "accepts": ("pdf", "jpeg", "png")}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("data", "name", "expected"),
        [
            (b"", "a.pdf", Reason.EMPTY),
            (b"%PDF-1.7" + b"x" * (20 * 2**20), "a.pdf", Reason.TOO_LARGE),
            (b"MZ\x90\x00" + b"x" * 100, "a.pdf", Reason.EXECUTABLE),
            (b"\x7fELF\x02\x01\x01" + b"\0" * 100, "a", Reason.EXECUTABLE),
            (b"#!/bin/sh\n", "a.sh", Reason.EXECUTABLE),
            (office("other.xml"), "a.zip", Reason.ARCHIVE),
            (b"Rar!\x1a\x07\x00" + b"x" * 100, "a.rar", Reason.ARCHIVE),
            (b"7z\xbc\xaf\x27\x1c" + b"x" * 100, "a.7z", Reason.ARCHIVE),
            (b"\x1f\x8b\x08" + b"x" * 100, "a.pdf", Reason.ARCHIVE),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"x" * 100, "IMG_1.HEIC", Reason.HEIC),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"x" * 100, "IMG_1.jpg", Reason.HEIC),
            (b"GIF89a" + b"x" * 100, "a.gif", Reason.UNKNOWN),
            (b"words", "a.txt", Reason.UNKNOWN),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx", Reason.ENCRYPTED),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", Reason.UNKNOWN),
            (b"%PDF-1.7\nnothing", "a.pdf", Reason.BROKEN),
            (b"\xff\xd8\xff\xe0nothing", "a.jpg", Reason.BROKEN),
            (picture("PNG")[:-30], "a.png", Reason.BROKEN),
            (office()[:-30], "a.docx", Reason.ARCHIVE),
            (office(more="word/vbaProject.bin"), "a.docx", Reason.MACRO),
            (office(), "a.docm", Reason.MACRO),
        ],
    )  # fmt: skip
    def test_by_content(self, data: bytes, name: str, expected: Reason | None) -> None:
        assert reason(data, name) is expected

    def test_encrypted_and_scripted_pdfs(self) -> None:
        assert reason(pdf("x", encrypted=True), "a.pdf") is Reason.ENCRYPTED
        assert reason(pdf("x", script=True), "a.pdf") is Reason.MACRO

    @pytest.mark.parametrize("name", ["a.jpg", "a.pdf.exe", "a.docx"])
    def test_a_name_that_says_otherwise(self, name: str) -> None:
        refusal = inspect(pdf("x"), name, ALL).refusal
        assert refusal is not None
        assert (refusal.reason, refusal.values["found"]) == (Reason.MISNAMED, "pdf")

    def test_a_picture_too_large_to_open(self) -> None:
        data = bytearray(picture("PNG", (1, 1)))
        data[16:24] = (60_000).to_bytes(4, "big") * 2
        data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
        assert reason(bytes(data), "a.png") is Reason.TOO_COMPLEX

    def test_marks_of_secrecy_in_name_caption_and_content(self) -> None:
        assert reason(pdf("x"), "机密★10年.pdf") is Reason.SECRET_MARK
        assert reason(picture("PNG"), "a.png", caption="内部资料") is Reason.SECRET_MARK
        assert reason(pdf("一", "绝密★30年"), "a.pdf") is Reason.SECRET_MARK
        assert reason(office(words="秘密★"), "a.docx") is Reason.SECRET_MARK
        assert reason("机密,1\n".encode(), "a.csv") is Reason.SECRET_MARK


class TestHostilePdfs:
    def test_a_bomb_ends_within_its_limits(self) -> None:
        started = time.monotonic()
        data = bomb()
        assert len(data) < 10_000_000
        seen = inspect(data, "a.pdf")
        assert time.monotonic() - started < inspection.PROBE_SECONDS
        assert seen.refusal is not None
        assert seen.refusal.reason is Reason.TOO_COMPLEX

    def test_an_office_file_of_many_swollen_parts(self) -> None:
        """Each part alone would fit; together they would fill the memory."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("word/document.xml", "<w:p/>")
            for number in range(40):
                packed.writestr(f"word/header{number}.xml", bytes(1024 * 1024))
        assert len(out.getvalue()) < 100_000
        assert reason(out.getvalue(), "a.docx") is Reason.TOO_COMPLEX

    def test_a_reader_that_never_ends_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inspection, "PROBE_SECONDS", 0.01)
        assert reason(pdf("x"), "a.pdf") is Reason.TOO_COMPLEX

    def test_the_reader_is_killed_when_it_takes_too_much(self) -> None:
        """The limits hold in the process itself, whatever the reader does there."""
        for greedy in ("while True: pass", "x = bytearray(4 * 2**30)"):
            code = f"from storage import pdf_probe as p; p.CPU_SECONDS = 1; p._limit()\n{greedy}"
            ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
            assert ended.returncode != 0

    @given(st.binary(max_size=300))
    def test_whatever_follows_the_first_bytes_has_an_answer(self, tail: bytes) -> None:
        from storage.pdf_probe import probe  # noqa: PLC0415

        assert probe(b"%PDF-1.7\n" + tail)


class TestMarks:
    @pytest.mark.parametrize(
        "text",
        [
            "机密", "绝密", "秘密★", "内部", "机密★10年",
            "绝 密", "机　密　★", "秘密 ★ 5年", "文件密级：机密", "这是绝密文件",
            "标题\n内部\n正文", "【内部】通知", "内部资料，注意保存", "内部文件", "秘密\n关于……的通知", "附件（内部）",
        ],
    )  # fmt: skip
    def test_are_seen(self, text: str) -> None:
        assert bears_secret_mark(text)

    @pytest.mark.parametrize(
        "text",
        [
            "", "internal", "商业机密条款",
            "商业秘密", "保守秘密", "秘密花园", "手机密码", "飞机密封圈", "计算机密集型", "公司内部培训",
            "国内部门", "境内部分地区", "省内部队", "拒绝密谋", "室内部件", "乙方内部管理制度",
        ],
    )  # fmt: skip
    def test_everyday_words_are_none(self, text: str) -> None:
        assert not bears_secret_mark(text)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "extension", "safe"),
        [
            ("合同.pdf", "pdf", "合同.pdf"),
            ("../../etc/passwd", "pdf", "passwd.pdf"),
            ("C:\\temp\\a.PDF", "pdf", "a.pdf"),
            ("photo\u202egpj.exe", "png", "photogpj.png"),
            ("a\r\nSet-Cookie: x.pdf", "pdf", "aSet-Cookie x.pdf"),
            ("<b>.pdf", "pdf", "b.pdf"),
            (None, "jpeg", "file.jpg"),
            ("...", "pdf", "file.pdf"),
            (".pdf", "pdf", "pdf.pdf"),
            ("V1.2 终稿", "pdf", "V1.2 终稿.pdf"),
            ("x" * 300 + ".pdf", "pdf", "x" * 96 + ".pdf"),
        ],
    )
    def test_are_safe(self, name: str | None, extension: str, safe: str) -> None:
        assert safe_name(name, extension) == safe

    @given(st.text(max_size=200), st.sampled_from(["pdf", "jpeg", ""]))
    def test_whatever_they_were(self, name: str, extension: str) -> None:
        safe = safe_name(name, extension)
        assert 0 < len(safe) <= 100
        assert safe == Path(safe).name
        assert not set(safe) & set('/\\<>:"|?*\r\n\0\u202e\u200b')
        assert safe_name(safe, extension) == safe


class TestStore:
    def test_what_is_put_is_got_and_lies_there_sealed(self, tmp_path: Path) -> None:
        files = Files(tmp_path / "files")
        ref = files.put(b"a passport", "护照.pdf", "application/pdf", pages=2)
        assert (ref.name, ref.size, ref.pages) == ("护照.pdf", 10, 2)
        assert files.get(ref.digest) == b"a passport"
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path.name for path in written] == [ref.digest]
        assert b"passport" not in written[0].read_bytes()
        assert written[0].stat().st_mode & 0o777 == 0o600

    def test_the_same_content_is_kept_once_and_its_digest_says_nothing_without_the_key(
        self, tmp_path: Path
    ) -> None:
        files = Files(tmp_path)
        digest = files.put(b"x", "a.pdf", "application/pdf").digest
        assert files.put(b"x", "b.pdf", "application/pdf").digest == digest
        with secrets.using(Keys(secrets.generate())):
            assert files.put(b"x", "a.pdf", "application/pdf").digest != digest

    @pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "X" * 64])
    def test_what_is_not_there_is_named(self, tmp_path: Path, digest: str) -> None:
        with pytest.raises(FileMissing):
            Files(tmp_path).get(digest)

    def test_files_that_changed_places_are_noticed(self, tmp_path: Path) -> None:
        files = Files(tmp_path)
        one, two = (files.put(data, "a.pdf", "application/pdf").digest for data in (b"one", b"two"))
        (tmp_path / one[:2] / one).write_bytes((tmp_path / two[:2] / two).read_bytes())
        with pytest.raises(Tampered):
            files.get(one)

    def test_many_put_the_same_at_once(self, tmp_path: Path) -> None:
        files = Files(tmp_path)
        barrier = threading.Barrier(8)

        def put() -> None:
            barrier.wait()
            files.put(b"same", "a.pdf", "application/pdf")
            files.token()

        threads = [threading.Thread(target=put) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2

    def test_the_file_and_its_folder_are_on_disk_before_it_returns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[str] = []
        real = os.fsync

        def fsync(descriptor: int) -> None:
            synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        digest = Files(tmp_path / "files").put(b"x", "a.pdf", "application/pdf").digest
        content, folders = synced.index(next(s for s in synced if s.startswith("."))), synced[-1]
        assert folders == digest[:2]
        assert synced[:content] == [tmp_path.name, "files"]

    def test_orphans_are_swept_once_they_are_old(self, tmp_path: Path) -> None:
        files = Files(tmp_path)
        known, orphan, young = (
            files.put(data, "a.pdf", "application/pdf").digest for data in (b"known", b"orphan", b"young")
        )
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        for digest in (known, orphan):
            os.utime(tmp_path / digest[:2] / digest, (long_ago.timestamp(),) * 2)
        files.token()
        assert files.sweep({known}, before=long_ago + timedelta(days=1)) == 1
        assert files.get(known) == b"known" and files.get(young) == b"young"
        with pytest.raises(FileMissing):
            files.get(orphan)

    def test_putting_an_old_orphan_again_keeps_it_from_the_sweep(self, tmp_path: Path) -> None:
        files = Files(tmp_path)
        digest = files.put(b"x", "a.pdf", "application/pdf").digest
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        os.utime(tmp_path / digest[:2] / digest, (long_ago.timestamp(),) * 2)
        files.put(b"x", "a.pdf", "application/pdf")
        assert files.sweep(set(), before=long_ago + timedelta(days=1)) == 0

    def test_what_is_forgotten_is_gone(self, tmp_path: Path) -> None:
        files = Files(tmp_path)
        digest = files.put(b"x", "a.pdf", "application/pdf").digest
        files.forget(digest)
        files.forget(digest)
        with pytest.raises(FileMissing):
            files.get(digest)

    async def test_a_replica_with_another_folder_is_found_out(
        self, tmp_path: Path, database: Database
    ) -> None:
        shared, other = Files(tmp_path / "shared"), Files(tmp_path / "other")
        assert shared.token() == Files(tmp_path / "shared").token() != other.token()
        assert await database.work(is_shared, shared.token())
        assert await database.work(is_shared, shared.token())
        assert not await database.work(is_shared, other.token())
