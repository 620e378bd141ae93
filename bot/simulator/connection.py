"""uvicorn's HTTP protocol with the connection in the application's reach, so that an answer can be lost."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def transport_protocol() -> type[asyncio.Protocol]:
    """The protocol class for uvicorn.Config(http=…): scope["state"]["transport"] is the open connection."""
    return _TransportProtocol


class _TransportProtocol(HttpToolsProtocol):
    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)
