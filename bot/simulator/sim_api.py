"""The page's own API under /sim/: phones act, and everybody follows the events."""

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from .entities import TextError
from .errors import ApiError, Json, PhoneError
from .model import Chat
from .params import Upload
from .profile import commands_for

if TYPE_CHECKING:
    from .server import Simulator

SEQ_HEADER = "X-Sim-Seq"  # the latest event when the answer was made
_PERSON_FIELDS = (
    "id",
    "first_name",
    "last_name",
    "username",
    "language_code",
    "label",
    "group",
    "pinned",
    "started",
)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")

_SHOWN = re.compile(r"application/pdf|text/plain|image/(?:png|jpeg|gif|webp)|audio/.+|video/.+")


class SimApi:
    """Routes of /sim/. A PhoneError is answered with its status and {"error": text}."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator
        self._core = simulator.core
        self._phones = simulator.phones

    def routes(self) -> list[Route]:
        table = {
            ("GET", "/sim/state"): self.state,
            ("POST", "/sim/people"): self.add_person,
            ("PATCH", "/sim/people/{id:int}"): self.change_person,
            ("POST", "/sim/groups"): self.add_group,
            ("PATCH", "/sim/groups/{id}"): self.change_group,
            ("POST", "/sim/migrate"): self.migrate,
            ("GET", "/sim/chats/{id}/messages"): self.messages,
            ("POST", "/sim/send"): self.send,
            ("POST", "/sim/edit"): self.edit,
            ("POST", "/sim/delete"): self.delete,
            ("POST", "/sim/tap"): self.tap,
            ("POST", "/sim/block"): self.block,
            ("POST", "/sim/press_start"): self.press_start,
            ("GET", "/sim/commands"): self.commands,
            ("POST", "/sim/clock"): self.clock,
            ("GET", "/sim/faults"): self.get_faults,
            ("POST", "/sim/faults"): self.set_faults,
            ("GET", "/sim/files/{id}"): self.file,
            ("POST", "/sim/play"): self.play,
            ("POST", "/sim/settle"): self.settle,
        }
        routes = [Route(path, self._guarded(act), methods=[method]) for (method, path), act in table.items()]
        return [*routes, Route("/sim/events", self.events)]

    def _guarded(self, act: Any) -> Any:
        async def endpoint(request: Request) -> Response:
            response = await _answer(act if _own_page(request) else _refuse_other_site, request)
            response.headers[SEQ_HEADER] = str(self._core.events.seq)
            return response

        return endpoint

    async def state(self, request: Request) -> Json:
        world = self._core.world
        return {
            "bot": world.bot.as_user(),
            "people": [person.as_json() for person in world.people.values()],
            "chats": [chat.as_json() for chat in world.chats.values()],
            "now": self._core.now().isoformat(),
            "faults": self._core.faults.faults.as_json(),
            "seq": self._core.events.seq,
            "pinned": [person.id for person in world.people.values() if person.pinned],
            "play": self._simulator.play_state,
        }

    async def add_person(self, request: Request) -> Json:
        body = await _body(request)
        if not body.get("first_name"):
            raise PhoneError(400, "a person has a first_name")
        fields = {name: body[name] for name in _PERSON_FIELDS if body.get(name) is not None}
        return self._phones.add_person(**fields).as_json()

    async def change_person(self, request: Request) -> Json:
        return self._phones.change_person(request.path_params["id"], await _body(request)).as_json()

    async def add_group(self, request: Request) -> Json:
        body = await _body(request)
        forum = bool(body.get("is_forum"))
        title = str(body.get("title") or "Group")
        return self._phones.add_group(
            title, list(body.get("members", [])), is_forum=forum, bot=body.get("bot")
        ).as_json()

    async def change_group(self, request: Request) -> Json:
        return self._phones.change_group(int(request.path_params["id"]), await _body(request)).as_json()

    async def migrate(self, request: Request) -> Json:
        return self._phones.migrate(int((await _body(request))["chat"])).as_json()

    async def messages(self, request: Request) -> list[Json]:
        chat = self._phones.chat(int(request.path_params["id"]))
        person = request.query_params.get("person")
        if person is not None and int(person) not in chat.members:
            raise PhoneError(403, "that person is not in that chat")
        return self._phones.messages(chat.id)

    async def send(self, request: Request) -> Json:
        act, uploads = await _read_act(request)
        sent = await self._phones.send(int(act["person"]), act, uploads)
        shown = [self._core.world.phone_json(message) for message in sent]
        return {"message": shown[0], "messages": shown}

    async def edit(self, request: Request) -> Json:
        body = await _body(request)
        message = self._phones.edit(
            int(body["person"]), _chat(body), int(body["message_id"]), str(body["text"])
        )
        return {"message": self._core.world.phone_json(message)}

    async def delete(self, request: Request) -> Json:
        body = await _body(request)
        self._phones.delete(int(body["person"]), _chat(body), list(body["message_ids"]))
        return {}

    async def tap(self, request: Request) -> Json:
        body = await _body(request)
        query_id = self._phones.tap(
            int(body["person"]),
            _chat(body),
            int(body["message_id"]),
            str(body["data"]),
            replay=bool(body.get("replay")),
        )
        return {"query_id": query_id}

    async def block(self, request: Request) -> Json:
        body = await _body(request)
        return self._phones.block(int(body["person"]), blocked=bool(body["blocked"])).as_json()

    async def press_start(self, request: Request) -> Json:
        body = await _body(request)
        message = await self._phones.press_start(int(body["person"]), str(body.get("payload") or ""))
        return {"message": self._core.world.phone_json(message)}

    async def commands(self, request: Request) -> list[Json]:
        person = self._phones.person(int(request.query_params["person"]))
        chat: Chat = self._phones.chat(int(request.query_params.get("chat") or person.id))
        return commands_for(self._core, person, chat)

    async def clock(self, request: Request) -> Json:
        body = await _body(request)
        await self._simulator.move_clock(_moment(body, self._core.now()))
        now = self._core.now().isoformat()
        self._core.tell("clock", now=now)
        return {"now": now}

    async def get_faults(self, request: Request) -> Json:
        return self._core.faults.faults.as_json()

    async def set_faults(self, request: Request) -> Json:
        return self._simulator.set_faults(await _body(request))

    async def file(self, request: Request) -> Response:
        stored = self._core.files.by_id.get(request.path_params["id"])
        if stored is None:
            raise PhoneError(404, "there is no such file")
        # What could run as this page is only ever saved, whoever sent it.
        place = "inline" if _SHOWN.fullmatch(stored.mime or "") else "attachment"
        headers = {
            "Content-Disposition": f"{place}; filename*=UTF-8''{quote(stored.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=86400",
        }
        return Response(self._core.files.read(stored), media_type=stored.mime, headers=headers)

    async def play(self, request: Request) -> Json:
        body = await _body(request)
        await self._simulator.play(str(body["script"]))
        return {"play": self._simulator.play_state}

    async def settle(self, request: Request) -> Json:
        body = await _body(request)
        settled = await self._simulator.settle(float(body.get("quiet", 0.05)), float(body.get("timeout", 10)))
        return {"settled": settled, "seq": self._core.events.seq}

    async def events(self, request: Request) -> Response:
        """Server-Sent Events later than `since`, or than the Last-Event-ID of a browser that comes back."""
        since = request.headers.get("last-event-id") or request.query_params.get("since")
        seq = int(since) if since and since.isdigit() else self._core.events.seq
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._core.events.follow(seq), media_type="text/event-stream", headers=headers
        )


def _own_page(request: Request) -> bool:
    """Whether no other web site's page asks (Fetch Metadata; programs send no such header)."""
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


async def _refuse_other_site(request: Request) -> Json:
    raise PhoneError(403, "only the simulator's own page may ask")


async def _answer(act: Any, request: Request) -> Response:
    try:
        result = await act(request)
    except PhoneError as error:
        return JSONResponse({"error": str(error)}, error.status)
    except ApiError as error:
        return JSONResponse({"error": error.description}, 400)
    except TextError as error:
        return JSONResponse({"error": str(error)}, 400)
    except (KeyError, TypeError, ValueError) as error:
        return JSONResponse({"error": f"wrong or missing field: {error}"}, 400)
    return result if isinstance(result, Response) else JSONResponse(result)


async def _body(request: Request) -> Json:
    raw = await request.body()
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise PhoneError(400, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise PhoneError(400, "the body is not a JSON object")
    return body


async def _read_act(request: Request) -> tuple[Json, list[Upload]]:
    """A JSON body, or multipart with the JSON in `json` (or plain fields) and one or more `file` parts."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await _body(request), []
    act: Json = {}
    uploads: list[Upload] = []
    async with request.form(max_files=10, max_part_size=4 << 20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads.append(Upload(value.filename or "file", value.content_type or "", await value.read()))
            elif name == "json":
                act |= json.loads(value)
            else:
                act[name] = value
    return act, uploads


def _chat(body: Json) -> int:
    return int(body.get("chat") or body["person"])


def _moment(body: Json, now: datetime) -> datetime:
    """The time meant by {"at": iso} or {"by": seconds or "PT24H"}."""
    if "at" in body:
        at = datetime.fromisoformat(str(body["at"]))
        return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    return now + _duration(body["by"])


def _duration(by: Any) -> timedelta:
    if isinstance(by, int | float):
        return timedelta(seconds=by)
    found = _DURATION.fullmatch(str(by))
    if not found or not any(found.groups()):
        raise PhoneError(400, 'a duration is a number of seconds or like "P21D" or "PT24H"')
    names = ("weeks", "days", "hours", "minutes", "seconds")
    return timedelta(
        **{name: float(value) for name, value in zip(names, found.groups(), strict=True) if value}
    )
