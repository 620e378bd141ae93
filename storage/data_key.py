"""A new data key. Apart from `storage.secrets`, so that printing one imports nothing that seals."""

from __future__ import annotations

import base64
import os

LENGTH = 32
"""Bytes of a data key (AES-256)."""


def generate() -> str:
    """A new data key: 32 random bytes in base64."""
    return base64.b64encode(os.urandom(LENGTH)).decode()
