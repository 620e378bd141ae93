"""Every table of this version in one place, for migrations: services, registers and nouns that were dropped in too."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from storage.services import services

_HERE = str(Path(__file__).parent)


def metadata() -> MetaData:
    """All tables that the modules of `storage` declare, once they are all imported."""
    for module in iter_modules([_HERE]):
        if not module.ispkg:
            import_module(f"storage.{module.name}")
    services()
    return SQLModel.metadata
