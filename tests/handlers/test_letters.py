"""Letters on paper: what is printed, that nothing typed becomes markup, and what an office can change."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pylopdf_fonts_zh_cn as our_fonts
import pymupdf
import pytest
import segno

from handlers import press as press_module
from handlers.letters import (
    ELECTRONIC_NOTE,
    TRIAL,
    UNPRINTABLE,
    LetterContent,
    Line,
    Table,
    UnevenTable,
    Words,
    inside_or_annexed,
    joined,
    verify_url,
)
from handlers.press import TEMPLATES, BrokenTemplate, NoSuchTemplate, Press, unprintable
from locales import translate

OFFICE = Words("沈阳市人民政府外事办公室", "Foreign Affairs Office of Shenyang Municipal People's Government")
GUEST_HEADER = (
    Words("姓名", "Name"),
    Words("性别", "Sex"),
    Words("出生日期", "Date of birth"),
    Words("国籍", "Nationality"),
    Words("护照号码", "Passport No."),
    Words("单位及职务", "Employer and post"),
)
INVITATION = LetterContent(
    number="沈外邀〔2027〕0001号",
    code="7KQMA4XWPB",
    signed=date(2027, 3, 4),
    office=OFFICE,
    title=Words("邀请函", "LETTER OF INVITATION"),
    verify_url="https://office.example/v/7KQMA4XWPB",
    recipient=Words("中华人民共和国驻外使领馆"),
    paragraphs=(
        Words(
            "兹邀请德国Anna Schmidt女士来沈阳市访问。",
            "We invite Ms Anna Schmidt of Germany to visit Shenyang.",
        ),
    ),
    fields=(
        Line(Words("姓名", "Name"), Words.same("SCHMIDT, Anna Maria")),
        Line(Words("护照号码", "Passport No."), Words.same("C01X00T47")),
        Line(Words("停留时间", "Period of stay"), Words("2027年3月4日至9日", "March 4 – 9, 2027")),
    ),
    closing=(Words("特此函告。", "Please accept our regards."),),
    template="invitation.typ",
)
APPROVAL = LetterContent(
    number="沈外出〔2027〕0001号",
    code="7KQMA4XWPB",
    signed=date(2027, 3, 4),
    office=Words(OFFICE.zh),
    title=Words("因公临时出国任务批件"),
    verify_url="https://t.me/office_bot?start=v_7KQMA4XWPB",
    recipient=Words("沈阳市商务局"),
    paragraphs=(Words("经研究，同意该团组执行出国任务。"),),
    fields=(Line(Words("出访国家"), Words("德国、法国")),),
    tables=(
        Table(
            Words("团组成员"),
            (Words("姓名"), Words("性别"), Words("工作单位"), Words("职务")),
            tuple(
                (Words(f"成员{n}"), Words("女"), Words("沈阳市商务局"), Words("处长")) for n in "甲乙丙丁戊己"
            ),
        ),
    ),
    closing=(Words("本批件自签发之日起六个月内有效。"),),
    template="task_approval.typ",
)
ALL_TEMPLATES = sorted(path.name for path in TEMPLATES.glob("*.typ") if path.name != "letter.typ")


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def guests(count: int) -> Table:
    return Table(
        Words("受邀人员名单", "List of invited guests"),
        GUEST_HEADER,
        tuple(
            (
                Words.same(f"GUEST{n:02d}, Anna"),
                Words("女", "Female"),
                Words.day(date(1980, 3, 4)),
                Words("德国", "Germany"),
                Words.same(f"C01X{n:02d}T47"),
                Words("慕尼黑工业大学机械工程学院教授", "Professor of Mechanical Engineering, Munich"),
            )
            for n in range(count)
        ),
    )


def opened(pdf: bytes) -> pymupdf.Document:
    return pymupdf.open(stream=pdf)


def text_of(pdf: bytes) -> str:
    return "".join(page.get_text() for page in opened(pdf))


def lines_joined(pdf: bytes) -> str:
    return "".join(text_of(pdf).split())


def test_both_languages_can_be_selected_and_copied(press: Press) -> None:
    text = text_of(press.typeset(INVITATION))
    for part in (
        OFFICE.zh,
        OFFICE.en,
        "沈外邀〔2027〕0001号",
        "邀请函",
        "LETTER OF INVITATION",
        "SCHMIDT, Anna Maria",
        "C01X00T47",
        "2027年3月4日",
        "March 4, 2027",
        "7KQ-MA4-XWPB",
        ELECTRONIC_NOTE.zh,
        ELECTRONIC_NOTE.en,
    ):
        assert part in text


def test_one_guest_fits_one_page_of_a4(press: Press) -> None:
    document = opened(press.typeset(INVITATION))
    assert document.page_count == 1
    assert (round(document[0].rect.width), round(document[0].rect.height)) == (595, 842)


def test_six_members_fit_one_page_in_chinese_alone(press: Press) -> None:
    pdf = press.typeset(APPROVAL)
    assert opened(pdf).page_count == 1
    assert all(f"成员{n}" in text_of(pdf) for n in "甲乙丙丁戊己")
    assert "Verification" not in text_of(pdf)


def test_every_font_is_embedded_and_cut_to_what_is_used(press: Press) -> None:
    pdf = press.typeset(INVITATION)
    document = opened(pdf)
    fonts = document.get_page_fonts(0)
    assert fonts
    assert all(name[6] == "+" and kind != "n/a" for _, kind, _, name, *_ in fonts)
    assert len(pdf) < 100_000


def test_twenty_guests_stand_in_an_annex_under_a_repeated_header(press: Press) -> None:
    fields, tables, annexes = inside_or_annexed(guests(20))
    pdf = press.typeset(replace(INVITATION, fields=fields, tables=tables, annexes=annexes))
    document = opened(pdf)
    assert all(f"C01X{n:02d}T47" in text_of(pdf) for n in range(20))
    assert "附件：受邀人员名单" in document[0].get_text()
    assert all("Passport No." in page.get_text() for page in list(document)[1:])
    assert all(
        "沈外邀〔2027〕0001号" in page.get_text() and "7KQ-MA4-XWPB" in page.get_text() for page in document
    )


def test_pages_are_numbered_but_the_first_of_a_letter(press: Press) -> None:
    document = opened(press.typeset(replace(INVITATION, annexes=(guests(20),))))
    assert "—1—" not in document[0].get_text()
    assert all(f"—{number}—" in page.get_text() for number, page in enumerate(document, 1) if number > 1)


@pytest.mark.parametrize("count", [1, 2, 6, 7])
def test_a_list_goes_where_it_fits(count: int) -> None:
    fields, tables, annexes = inside_or_annexed(guests(count), inside_up_to=6)
    assert (bool(fields), bool(tables), bool(annexes)) == (count == 1, 1 < count <= 6, count > 6)


def test_the_text_stays_inside_the_margins(press: Press) -> None:
    """GB/T 9704-2012, 5.1: 37 mm above, 28 mm at the left, 156 mm wide; the head alone is wider and higher (10.1)."""
    millimetre = 72 / 25.4
    for page in opened(press.typeset(replace(INVITATION, annexes=(guests(3),)))):
        if page.rect.width > page.rect.height:
            continue
        words = [word for word in page.get_text("words") if word[1] > 60 * millimetre]
        assert min(word[0] for word in words) >= 28 * millimetre - 1
        assert max(word[2] for word in words) <= (28 + 156) * millimetre + 1


def test_the_body_of_words_is_set_in_16_points_on_29(press: Press) -> None:
    body = Words("现函复如下：\n" + "请严格按照有关规定做好外方人员邀请和接待工作。" * 6)
    page = opened(
        press.typeset(replace(APPROVAL, fields=(), tables=(), paragraphs=(body,), template="reply.typ"))
    )[0]
    lines = [
        line
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", [])
        if "接待工作" in "".join(span["text"] for span in line["spans"])
    ]
    assert {round(line["spans"][0]["size"], 1) for line in lines} == {16.0}
    tops = sorted(line["bbox"][1] for line in lines)
    assert {round(below - above) for above, below in pairwise(tops)} == {29}


MARKUP = [
    '#panic("x") #import "letter.typ"',
    "$x^2$ *b* _i_ `raw` = h // no /* neither */",
    "<b>Anna</b> &amp; \\ \\u{41} @ref [c] -- ~",
    '"); #read("letter.typ") ("',
]


@pytest.mark.parametrize("typed", MARKUP)
@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_markup_in_any_place_is_only_text(press: Press, typed: str, template: str) -> None:
    words = Words(typed, typed)
    everywhere = replace(
        INVITATION,
        title=words,
        recipient=words,
        paragraphs=(words,),
        fields=(Line(words, words),),
        closing=(words,),
        tables=(Table(words, (words,), ((words,),)),),
        annexes=(Table(words, (words,), ((words,),)),),
        template=template,
    )
    plain = "".join(typed.split())
    assert lines_joined(press.typeset(everywhere)).count(plain) >= 9


def test_signs_without_a_shape_are_left_out(press: Press) -> None:
    """U+202E would turn the rest of the line round: the letter would show another name than the case."""
    name = "AN\u202eNA\u200f SCH\u200dMIDT\x00\x07\ud800"
    pdf = press.typeset(replace(INVITATION, fields=(Line(Words("姓名"), Words.same(name)),)))
    assert "ANNA SCHMIDT" in text_of(pdf)


def test_a_sign_that_no_font_has_is_found_and_leaves_a_visible_gap(press: Press) -> None:
    assert press.missing_glyphs("𠮷野家 Łukasz Iğdır Nguyễn Ольга 王喆 김") == "𠮷김"
    content = replace(INVITATION, recipient=Words("𠮷野家"))
    assert unprintable(press, content) == "𠮷"
    assert unprintable(press, INVITATION) == ""
    assert "〓野家" in text_of(press.typeset(content))


@pytest.mark.parametrize("text", ["", " ", "王芳", "SCHMIDT, Anna", "〔2027〕", "Þórður Çelik"])
def test_what_can_be_printed_is_not_complained_of(press: Press, text: str) -> None:
    assert press.missing_glyphs(text) == ""


def test_signs_in_the_office_s_own_fonts_can_be_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = our_fonts.serif_path().parent
    monkeypatch.setattr(our_fonts, "serif_path", lambda: tmp_path / "none.otf")
    assert Press().missing_glyphs("王a") == "王"
    assert Press(fonts=own).missing_glyphs("王a") == ""


def test_the_faces_of_the_standard_are_preferred_where_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert font_of("特此函告", Press()) == "NotoSerifSC-Regular"
    monkeypatch.setattr(press_module, "BODY_FACES", ("仿宋", "noto sans sc"))
    assert font_of("特此函告", Press()) == "NotoSansSC-Regular"


def font_of(text: str, press: Press) -> str:
    blocks = opened(press.typeset(INVITATION))[0].get_text("dict")["blocks"]
    spans = [span for block in blocks for line in block.get("lines", []) for span in line["spans"]]
    return str(next(span["font"] for span in spans if text in span["text"]))


def test_the_same_content_makes_the_same_bytes(press: Press) -> None:
    first = press.typeset(INVITATION)
    press.typeset(APPROVAL)
    assert press.typeset(INVITATION) == first == Press().typeset(INVITATION)
    assert opened(first).metadata["creationDate"].startswith("D:20270304")


async def test_many_at_once_do_not_mix(press: Press) -> None:
    contents = [replace(INVITATION, number=f"沈外邀〔2027〕{n:04d}号") for n in range(12)]
    made = await asyncio.gather(*map(press.typeset_off_loop, contents))
    for content, pdf in zip(contents, made, strict=True):
        assert content.number in text_of(pdf)
        assert text_of(pdf).count("沈外邀〔") == 1


def test_a_very_long_value_wraps(press: Press) -> None:
    name, address = "Wolfeschlegelsteinhausenbergerdorff" * 5, "地址" * 400
    fields = (Line(Words("姓名", "Name"), Words.same(name)), Line(Words("地址", "Address"), Words(address)))
    pdf = press.typeset(replace(INVITATION, fields=fields))
    assert name in "".join(text_of(pdf).replace("\u200b", "").split())
    assert address in lines_joined(pdf)
    right = max(word[2] for page in opened(pdf) for word in page.get_text("words"))
    assert right <= opened(pdf)[0].rect.width - 20


def test_a_trial_is_marked_on_every_page(press: Press) -> None:
    document = opened(press.typeset(replace(INVITATION, annexes=(guests(20),), watermark=TRIAL)))
    assert all("试运行" in page.get_text() for page in document)


def test_the_qr_code_leads_to_the_verification(press: Press) -> None:
    assert (
        verify_url("7KQMA4XWPB", public_url="https://a.example/", bot="b") == "https://a.example/v/7KQMA4XWPB"
    )
    assert verify_url("7KQMA4XWPB", public_url=None, bot="b") == "https://t.me/b?start=v_7KQMA4XWPB"


def test_the_qr_code_is_printed_true(press: Press) -> None:
    matrix = segno.make(INVITATION.verify_url, error="m").matrix
    assert squares_beside_the_code(opened(press.typeset(INVITATION))[0], len(matrix)) == [
        list(row) for row in matrix
    ]


def squares_beside_the_code(page: pymupdf.Page, size: int) -> list[list[int]]:
    """The QR code as a scanner sees it: 19 mm square at the left edge of the text, 1 dark and 0 light."""
    millimetre = 72 / 25.4
    middle = page.search_for("7KQ-MA4-XWPB")[0].y0
    clip = pymupdf.Rect(27 * millimetre, middle - 22, 48 * millimetre, middle + 60)
    picture = page.get_pixmap(dpi=300, clip=clip, colorspace=pymupdf.csGRAY)
    dark = [
        (x, y) for y in range(picture.height) for x in range(picture.width) if picture.pixel(x, y)[0] < 128
    ]
    left, top = (min(place[axis] for place in dark) for axis in (0, 1))
    step = (max(x for x, _ in dark) + 1 - left) / size
    return [
        [
            int(picture.pixel(int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))[0] < 128)
            for x in range(size)
        ]
        for y in range(size)
    ]


@pytest.mark.parametrize("template", ALL_TEMPLATES)
@pytest.mark.parametrize("content", [INVITATION, APPROVAL], ids=["bilingual", "Chinese"])
def test_every_template_prints_every_content(press: Press, template: str, content: LetterContent) -> None:
    text = lines_joined(press.typeset(replace(content, template=template)))
    for part in (
        content.number,
        content.title.zh,
        content.paragraphs[0].zh,
        content.closing[0].zh,
        content.office.zh,
    ):
        assert "".join(part.split()) in text
    assert all("".join(line.value.zh.split()) in text for line in content.fields)
    for words in (*content.paragraphs, *content.closing):
        assert not words.en or text.count("".join(words.en.split())) == 1


def test_an_office_changes_a_template_without_code(tmp_path: Path) -> None:
    own = '#import "letter.typ": *\n#show: letter-page\n#letter-head()\n市外办监制\n#signature()'
    (tmp_path / "reply.typ").write_text(own, "utf-8")
    press = Press(templates=tmp_path)
    assert "市外办监制" in text_of(press.typeset(replace(APPROVAL, template="reply.typ")))
    assert "市外办监制" not in text_of(press.typeset(APPROVAL))


def test_a_broken_template_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "reply.typ").write_text("\n#nonsense()", "utf-8")
    with pytest.raises(BrokenTemplate, match=r"reply\.typ:2"):
        Press(templates=tmp_path).typeset(replace(APPROVAL, template="reply.typ"))


@pytest.mark.parametrize("name", ["missing.typ", "../letters.py", "/etc/passwd", ""])
def test_a_template_is_a_file_of_the_folder(press: Press, name: str) -> None:
    with pytest.raises(NoSuchTemplate):
        press.typeset(replace(APPROVAL, template=name))


def test_a_row_has_as_many_cells_as_the_header() -> None:
    with pytest.raises(UnevenTable):
        Table(Words("x"), (Words("a"), Words("b")), ((Words("1"),),))


def test_several_names_in_one_cell() -> None:
    assert joined([Words("德国", "Germany"), Words("法国", "France")]) == Words(
        "德国、法国", "Germany, France"
    )


def test_an_unprintable_sign_is_explained_in_both_languages() -> None:
    chinese, english = (translate(UNPRINTABLE, language, signs="𠮷") for language in ("zh_Hans", "en"))
    assert "𠮷" in chinese
    assert "𠮷" in english
    assert chinese != english
