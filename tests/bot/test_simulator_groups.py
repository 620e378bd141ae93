"""Groups and forums: privacy, topics, rights, the way a group becomes a supergroup."""

from typing import Any

from bot.simulator.model import Chat
from bot.simulator.server import Simulator

from .simulated import refused, simulator, started, updates


async def group(sim: Simulator, **more: Any) -> tuple[int, Chat]:
    ann = await started(sim)
    chat = sim.phones.add_group("Desk", [ann.id], **more)
    sim.core.updates.clear()
    return ann.id, chat


async def test_by_default_a_bot_sees_commands_replies_and_service_messages_only() -> None:
    sim = simulator()
    ann, chat = await group(sim)
    said = await sim.call("sendMessage", chat_id=chat.id, text="hello all")
    for act in (
        {"text": "small talk"},
        {"text": "/cases"},
        {"text": "/cases@office_bot now"},
        {"text": "/cases@other_bot"},
        {"text": "an answer", "reply_to": said["message_id"]},
    ):
        await sim.phones.send(ann, {"chat": chat.id, **act})
    seen = [update["message"]["text"] for update in await updates(sim)]
    assert seen == ["/cases", "/cases@office_bot now", "an answer"]


async def test_an_administrator_sees_all() -> None:
    sim = simulator()
    ann, chat = await group(sim, bot="administrator")
    await sim.phones.send(ann, {"chat": chat.id, "text": "small talk"})
    assert (await updates(sim))[0]["message"]["text"] == "small talk"


async def test_being_added_and_kicked_is_told() -> None:
    sim = simulator()
    ann = await started(sim)
    chat = sim.phones.add_group("Desk", [ann.id])
    sim.phones.change_group(chat.id, {"bot": "kicked"})
    added, service, kicked = await updates(sim)
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["username"] == "office_bot"
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    text = await refused(sim.call("sendMessage", chat_id=chat.id, text="x"))
    assert text == "Forbidden: bot was kicked from the group chat"


async def test_leaving_ends_membership() -> None:
    sim = simulator()
    _, chat = await group(sim, is_forum=True)
    assert await sim.call("leaveChat", chat_id=chat.id)
    text = await refused(sim.call("sendMessage", chat_id=chat.id, text="x"))
    assert text == "Forbidden: bot is not a member of the supergroup chat"


async def test_members_are_counted_and_described() -> None:
    sim = simulator()
    ann, chat = await group(sim)
    bob = await started(sim, "Bob")
    assert await sim.call("getChatMemberCount", chat_id=chat.id) == 2
    statuses = [
        (await sim.call("getChatMember", chat_id=chat.id, user_id=user))["status"]
        for user in (ann, bob.id, sim.core.world.bot.id)
    ]
    assert statuses == ["creator", "left", "member"]


async def test_a_topics_life() -> None:
    sim = simulator()
    ann, chat = await group(sim, is_forum=True)
    made = await sim.call("createForumTopic", chat_id=chat.id, name="SYFAO-2027-00001")
    where = {"chat_id": chat.id, "message_thread_id": made["message_thread_id"]}
    sent = await sim.call("sendMessage", **where, text="in the topic")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (made["message_thread_id"], True)
    assert await sim.call("editForumTopic", **where, name="done")
    assert await refused(sim.call("editForumTopic", **where, name="done")) == (
        "Bad Request: TOPIC_NOT_MODIFIED"
    )
    assert await sim.call("closeForumTopic", **where)
    assert await refused(sim.call("closeForumTopic", **where)) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert await refused(sim.call("sendMessage", **where, text="x")) == "Bad Request: TOPIC_CLOSED"
    assert await sim.call("reopenForumTopic", **where)
    await sim.phones.send(ann, {"chat": chat.id, "thread": made["message_thread_id"], "text": "an answer"})
    assert await sim.call("deleteForumTopic", **where)
    assert await refused(sim.call("sendMessage", **where, text="x")) == (
        "Bad Request: message thread not found"
    )
    assert await refused(sim.call("closeForumTopic", **where)) == "Bad Request: TOPIC_ID_INVALID"
    assert all(message["message_id"] != sent["message_id"] for message in sim.phones.messages(chat.id))
    kinds = [
        next(k for k in update["message"] if k.startswith(("forum", "text"))) for update in await updates(sim)
    ]
    assert kinds == [
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "text",
    ]


async def test_general_is_written_to_without_a_number() -> None:
    sim = simulator()
    _, chat = await group(sim, is_forum=True)
    general = sim.call("sendMessage", chat_id=chat.id, message_thread_id=1, text="x")
    assert await refused(general) == "Bad Request: message thread not found"
    assert "message_thread_id" not in await sim.call("sendMessage", chat_id=chat.id, text="x")


async def test_rights_are_needed() -> None:
    sim = simulator()
    ann, chat = await group(sim, is_forum=True, bot="member")
    (theirs,) = await sim.phones.send(ann, {"chat": chat.id, "text": "/x"})
    where = {"chat_id": chat.id, "message_id": theirs.id}
    assert await refused(sim.call("createForumTopic", chat_id=chat.id, name="n")) == (
        "Bad Request: not enough rights to create a topic"
    )
    assert await refused(sim.call("deleteMessage", **where)) == "Bad Request: message can't be deleted"
    assert await refused(sim.call("pinChatMessage", **where)) == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )


async def test_contact_and_location_are_asked_in_private_only() -> None:
    sim = simulator()
    _, chat = await group(sim)
    for field, what in (("request_contact", "phone number"), ("request_location", "location")):
        markup = {"keyboard": [[{"text": "share", field: True}]]}
        text = await refused(sim.call("sendMessage", chat_id=chat.id, text="x", reply_markup=markup))
        assert text == f"Bad Request: {what} can be requested in private chats only"


async def test_a_group_becomes_a_supergroup_with_a_new_id() -> None:
    sim = simulator()
    _, old = await group(sim)
    new = sim.phones.migrate(old.id)
    there, back = (update["message"] for update in await updates(sim))
    assert (there["chat"]["id"], there["migrate_to_chat_id"]) == (old.id, new.id)
    assert (back["chat"]["id"], back["migrate_from_chat_id"]) == (new.id, old.id)
    call = sim.call("sendMessage", chat_id=old.id, text="x")
    assert await refused(call) == "Bad Request: group chat was upgraded to a supergroup chat"
    assert (await sim.call("sendMessage", chat_id=new.id, text="x"))["chat"]["type"] == "supergroup"


async def test_message_ids_are_shared_in_private_and_groups_and_own_in_supergroups() -> None:
    sim = simulator()
    ann, chat = await group(sim)
    _, forum = await group(sim, is_forum=True)
    ids = [
        (await sim.call("sendMessage", chat_id=c, text="x"))["message_id"] for c in (ann, chat.id, forum.id)
    ]
    assert ids[1] == ids[0] + 1
    assert ids[2] < ids[0]


async def test_pins_are_shown_by_get_chat() -> None:
    sim = simulator()
    ann = await started(sim)
    sent = await sim.call("sendMessage", chat_id=ann.id, text="rules")
    assert await sim.call("pinChatMessage", chat_id=ann.id, message_id=sent["message_id"])
    assert (await sim.call("getChat", chat_id=ann.id))["pinned_message"]["text"] == "rules"
    assert await sim.call("unpinChatMessage", chat_id=ann.id)
    assert "pinned_message" not in await sim.call("getChat", chat_id=ann.id)
