"""The format of transcripts: what each kind of line means, what is prose, and what is an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.transcripts import script
from bot.transcripts.papers import paper
from bot.transcripts.quoting import difference, holds, quotes, same_label
from bot.transcripts.reading import read, read_file
from bot.transcripts.script import Step, Unreadable
from storage.inspection import inspect


def step(line: str) -> Step:
    """The step of a transcript that has this line alone."""
    return read(f"# A title\n{line}").lines[0].step


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("**Host** (zh_Hans): /start", script.Says("Host", "/start")),
        ("**李娜**（zh_Hans）：第一行\n> 第二行", script.Says("李娜", "第一行\n第二行")),
        (r"**Host**: \u202eabc\ndef", script.Says("Host", "\u202eabc\ndef")),
        ("**Host** sends 4,096 characters: ab", script.Says("Host", "ab" * 2048)),
        ("**Host** taps: Send …", script.Taps("Host", "Send …")),
        ("**李娜** 点击旧按钮：同意", script.Taps("李娜", "同意", old=True)),
        ("**Zhou** forges a tap of **Host**: Send", script.Forges("Zhou", "Host", "Send")),
        ("**路人** 冒用**李娜**的按钮：同意", script.Forges("路人", "李娜", "同意")),
        ("**Host** sends file: a.pdf, b.jpg", script.SendsFiles("Host", ("a.pdf", "b.jpg"))),
        ("**Host** sends a sticker: 🙂", script.SendsSticker("Host", "🙂")),
        ("**李娜** 发送语音", script.SendsVoice("李娜")),
        ("**Host** shares their own contact", script.SharesContact("Host")),
        ("**Host** shares a contact: Bob", script.SharesContact("Host", "Bob")),
        ("**Host** shares a place: 41.80, 123.43", script.SharesPlace("Host", 41.80, 123.43)),
        ("**Host** edits the message: new", script.Edits("Host", "new")),
        ("**Host** forwards: text", script.Forwards("Host", "text")),
        ("**Bot**: Hello …", script.Hears(None, "Hello …")),
        ("**机器人**对**李娜**：您好", script.Hears("李娜", "您好")),
        ("**Host** sees the buttons: Yes | No", script.SeesButtons("Host", ("Yes", "No"))),
        ("**主任** 看到卡片：王芳、德国", script.SeesCard("主任", ("王芳", "德国"))),
        ("**Zhou** sees nothing of: 王芳, 沈外邀", script.SeesNothingOf("Zhou", ("王芳", "沈外邀"))),
        (
            "**Host** receives: a letter, PDF, number 沈外邀〔2026〕0001号, with Anna",
            script.Receives("Host", "沈外邀〔2026〕0001号", ("Anna",)),
        ),
        (
            "**李娜** 收到：一份文件，PDF，编号沈外邀〔2026〕0001号",
            script.Receives("李娜", "沈外邀〔2026〕0001号"),
        ),
        ("*21 days later*", script.Passes(timedelta(days=21))),
        ("*3小时后*", script.Passes(timedelta(hours=3))),
        ("*It is 2026-12-01, 10:00 in Shenyang*", script.ItIs(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))),
        ("*The bot is stopped and started again.*", script.StartsAgain()),
        ("*此后每条消息都送达两次*", script.Delivers(twice=True)),
        ("*The message of Host is gone from the chat*", script.MessageGone("Host")),
    ],
)
def test_each_kind_of_line_is_one_step(line: str, meant: Step) -> None:
    assert step(line) == meant


def test_prose_and_headings_are_no_steps_and_a_language_is_said_once() -> None:
    told = read("# Title\nA paragraph: with a colon.\n\n## Part\n**Host** (en): hi\n**Host**: there")
    assert [line.step for line in told.lines] == [script.Says("Host", "hi"), script.Says("Host", "there")]
    assert [line.meets for line in told.lines] == [("Host", "en"), None]
    assert told.title == "Title" and told.sections == {"Part": 0}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("**Host**: hi", "one title"),
        ("# One\n# Two\n**Host**: hi", "one title"),
        ("# Title\njust prose", "nothing happens"),
        ("# Title\n**Host** dances: tango", "nobody can do this"),
        ("# Title\n*and then it rained*", "no such direction"),
        ("# Title\n**Host**: hi\nHost: forgot the stars", r"\*\*Name\*\*"),
        ("# Title\n**Host** (en): hi\n**Host** (de): hallo", "said once"),
        ("# Title\n> goes on", "there is none"),
        ("# Title\n**Bot** says hello", "the bot's line"),
        ("# Title\n**Host** shares a place: north, south", "nobody can do this"),
        ("# Title\n*As in [Other](nowhere.md), up to “Part”*", "no file"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_with_its_place(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(text)


def test_a_story_goes_on_from_another_up_to_a_heading(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text("# First\n**Host** (en): a\n## Later\n**Host**: b", encoding="utf-8")
    second = tmp_path / "second.md"
    second.write_text("# Second\n*As in [First](first.md), up to “Later”*\n**Host**: c", encoding="utf-8")
    told = read_file(second)
    assert [line.step for line in told.lines] == [script.Says("Host", "a"), script.Says("Host", "c")]
    assert [line.place for line in told.lines] == ["first.md:2", "second.md:3"]
    assert [line.meets for line in told.lines] == [("Host", "en"), None]
    second.write_text("# Second\n*As in [First](first.md), up to “Never”*\n**Host**: c", encoding="utf-8")
    with pytest.raises(Unreadable, match="no heading"):
        read_file(second)


MESSAGE = "3 of 12\nYour name?\nAs in the passport.\n\nNow: Anna"


@pytest.mark.parametrize(
    "quote",
    ["Your name?", "3 of 12 Your name?", "… Now: Anna", "3 of 12 … Anna", "Your name? …", "3 of …", MESSAGE],
)
def test_a_quote_is_whole_lines_with_an_ellipsis_for_what_is_left_out(quote: str) -> None:
    assert quotes(quote, MESSAGE)


@pytest.mark.parametrize(
    "quote", ["name?", "Your name", "3 of 1", "Now: Anna 3 of 12", "Your name? Now: Anna"]
)
def test_a_part_of_a_line_or_another_order_is_no_quote(quote: str) -> None:
    assert not quotes(quote, MESSAGE)
    assert "- " in difference(quote, MESSAGE) and "+ 3 of 12" in difference(quote, MESSAGE)


def test_cards_hold_parts_and_labels_are_whole() -> None:
    assert holds(MESSAGE, "name? As in") and not holds(MESSAGE, "Bert")
    assert same_label("Draft: …", "Draft: a visit") and not same_label("Draft", "Draft: a visit")


@pytest.mark.parametrize("name", ["contract.pdf", "合同.pdf", "photo.jpg", "scan.png", "cv.docx"])
def test_the_files_that_people_send_are_real_ones(name: str) -> None:
    seen = inspect(paper(name), name, ("pdf", "jpeg", "png", "docx"))
    assert seen.refusal is None and seen.name == name


def test_a_file_can_be_locked() -> None:
    assert inspect(paper("locked.pdf"), "locked.pdf").refusal is not None
