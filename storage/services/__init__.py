"""The office's services: one file each, found by itself. Dropping a file in here is all it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from locales import Message

from storage.forms import Matter, Service


@cache
def services() -> Mapping[str, type[Service]]:
    """Every service by id, in the order of the office's duties."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    found = [_service_of(name) for name in names]
    return MappingProxyType({service.form_id(): service for service in sorted(found, key=lambda one: one.duty)})


def form_of(service: str, matter: str | None = None) -> type[Service] | type[Matter]:
    """The form whose table and route a case has: the service, or one of its matters. Raises KeyError."""
    whole = services()[service]
    if matter is None:
        return whole
    return next(one for one in whole.matter_forms if one.form_id() == matter)


def title_of(kind: str) -> Message:
    """The title of a service or matter by its id; the id itself where none has it any more."""
    for service in services().values():
        forms: tuple[type[Service] | type[Matter], ...] = (service, *service.matter_forms)
        for form in forms:
            if form.form_id() == kind:
                return form.title
    return Message(kind)


def _service_of(name: str) -> type[Service]:
    module = import_module(f"{__name__}.{name}")
    found = [
        value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Service) and value.__module__ == module.__name__
    ]
    if [one.form_id() for one in found] != [name]:
        raise TypeError(f"storage/services/{name}.py must define the one service whose name in snake_case is {name}")
    return found[0]
