"""Files, both ways: ids, links, sizes, albums, photos."""

import io
from typing import Any

import pytest
from PIL import Image

from bot.simulator.files import photo_sizes
from bot.simulator.limits import MEBIBYTE
from bot.simulator.params import Params, Upload

from .simulated import Clock, refused, simulator, started, updates


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(body, kind)
    return body.getvalue()


def upload(name: str, data: bytes, mime: str = "") -> Upload:
    return Upload(name, mime, data)


async def test_a_document_keeps_name_and_type_on_the_way_in() -> None:
    sim = simulator()
    ann = await started(sim)
    await sim.phones.send(ann.id, {"caption": "my *passport*"}, [upload("护照.pdf", b"%PDF-1.7")])
    (update,) = await updates(sim)
    document = update["message"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "护照.pdf",
        "application/pdf",
        8,
    )
    assert update["message"]["caption"] == "my *passport*"


async def test_a_link_is_good_for_an_hour_and_keeps_no_name() -> None:
    clock = Clock()
    sim = simulator(clock)
    stored = sim.core.files.add("Document", b"abc", "secret name.pdf")
    link = await sim.call("getFile", file_id=stored.id)
    assert link == {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": 3,
        "file_path": "documents/file_1.pdf",
    }
    clock.move(minutes=59)
    found = sim.core.files.by_path(link["file_path"])
    assert found is not None
    assert sim.core.files.read(found) == b"abc"
    clock.move(minutes=2)
    assert sim.core.files.by_path(link["file_path"]) is None


async def test_over_20_mb_there_is_no_download() -> None:
    sim = simulator()
    largest = sim.core.files.add("Document", bytes(20 * MEBIBYTE), "a.bin")
    larger = sim.core.files.add("Document", bytes(20 * MEBIBYTE + 1), "b.bin")
    assert "file_path" in await sim.call("getFile", file_id=largest.id)
    assert await refused(sim.call("getFile", file_id=larger.id)) == "Bad Request: file is too big"


async def test_the_unique_id_cannot_be_downloaded() -> None:
    sim = simulator()
    stored = sim.core.files.add("Document", b"abc", "a.pdf")
    text = await refused(sim.call("getFile", file_id=stored.unique_id))
    assert text == "Bad Request: wrong file_id or the file is temporarily unavailable"


async def test_a_photo_becomes_jpeg_in_several_sizes() -> None:
    sim = simulator()
    ann = await started(sim)
    await sim.phones.send(ann.id, {"as": "photo"}, [upload("me.png", picture(1600, 800))])
    sizes = (await updates(sim))[0]["message"]["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(90, 45), (1280, 640), (1600, 800)]
    stored = sim.core.files.by_id[sizes[-1]["file_id"]]
    assert sim.core.files.read(stored)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"no picture", "Bad Request: IMAGE_PROCESS_FAILED"),
        (picture(9990, 11), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (picture(210, 10), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (b"", "Bad Request: file must be non-empty"),
        (
            bytes(10 * MEBIBYTE + 1),
            "Bad Request: file of size 10485761 bytes is too big for a photo; "
            "the maximum size is 10485760 bytes",
        ),
    ],
)
async def test_what_is_no_photo(data: bytes, text: str) -> None:
    sim = simulator()
    ann = await started(sim)
    params = Params({"chat_id": ann.id}, {"photo": upload("a.png", data)})
    assert await refused(sim.api.call("sendPhoto", params)) == text


def test_a_small_picture_has_one_size() -> None:
    assert [size for size, _ in photo_sizes(picture(60, 40))] == [(60, 40)]


def album(*kinds: str) -> dict[str, Any]:
    return {"media": [{"type": kind, "media": f"attach://f{n}"} for n, kind in enumerate(kinds)]}


async def test_an_album_is_separate_messages_under_one_id_without_buttons() -> None:
    sim = simulator()
    ann = await started(sim)
    files = {"f0": upload("a.pdf", b"a"), "f1": upload("b.pdf", b"b")}
    values = album("document", "document") | {"chat_id": ann.id}
    values["media"][0] |= {"caption": "<b>two</b>", "parse_mode": "HTML"}
    values["reply_markup"] = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    first, second = await sim.api.call("sendMediaGroup", Params(values, files))
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("two", "bold")
    assert "caption" not in second
    assert "reply_markup" not in first


async def test_documents_go_with_documents_only() -> None:
    sim = simulator()
    ann = await started(sim)
    files = {"f0": upload("a.pdf", b"a"), "f1": upload("b.png", picture(9, 9))}
    call = sim.api.call("sendMediaGroup", Params(album("document", "photo") | {"chat_id": ann.id}, files))
    assert await refused(call) == "Bad Request: document can't be mixed with other media types"


async def test_a_persons_album_arrives_as_messages_with_the_caption_on_the_first() -> None:
    sim = simulator()
    ann = await started(sim)
    await sim.phones.send(ann.id, {"caption": "both"}, [upload("a.pdf", b"a"), upload("b.pdf", b"b")])
    first, second = (update["message"] for update in await updates(sim))
    assert first["media_group_id"] == second["media_group_id"]
    assert (first.get("caption"), second.get("caption")) == ("both", None)


async def test_a_sent_file_can_be_sent_again_by_its_id_and_media_replaced() -> None:
    sim = simulator()
    ann = await started(sim)
    params = Params({"chat_id": ann.id}, {"document": upload("letter.pdf", b"one")})
    sent = await sim.api.call("sendDocument", params)
    again = await sim.call("sendDocument", chat_id=ann.id, document=sent["document"]["file_id"])
    assert again["document"] == sent["document"]
    values = {
        "chat_id": ann.id,
        "message_id": sent["message_id"],
        "media": {"type": "document", "media": "attach://new", "caption": "second"},
    }
    edited = await sim.api.call("editMessageMedia", Params(values, {"new": upload("new.pdf", b"two")}))
    assert (edited["document"]["file_name"], edited["caption"]) == ("new.pdf", "second")


async def test_contact_and_location_tell_whose_they_are() -> None:
    sim = simulator()
    ann = await started(sim)
    await sim.phones.send(ann.id, {"contact": {"own": True}})
    await sim.phones.send(ann.id, {"contact": {"phone_number": "+49301234", "first_name": "Bob"}})
    await sim.phones.send(ann.id, {"location": {"latitude": 41.8, "longitude": 123.4}})
    own, other, place = (update["message"] for update in await updates(sim))
    assert own["contact"]["user_id"] == ann.id
    assert "user_id" not in other["contact"]
    assert place["location"] == {"latitude": 41.8, "longitude": 123.4}
