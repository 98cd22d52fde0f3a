"""Named locks of the environment: a lock is an open connection, so it ends with the process that holds it."""

from __future__ import annotations

import json
import socket
from typing import Any, Optional
from urllib.parse import urlsplit

from .errors import EnvctlError
from .lease import Lease
from .primary import refusal

_CONNECT = 2.0
# The primary is heard each second while one waits.
_SILENCE = 20.0


class HeldLock:
    """Held until it is closed, or this process ends."""

    def __init__(self, name: str, connection: socket.socket, rest: bytes) -> None:
        self.name = name
        self._connection = connection
        self._rest = rest

    def lost(self) -> Optional[str]:
        """Why it is not held any more although nobody has closed it, or nothing."""
        self._connection.setblocking(False)
        try:
            while True:
                some = self._connection.recv(65536)
                if not some:
                    return _last_word(self._rest) or "the primary has died"
                # Of the heartbeats only what comes after the last line's end may matter.
                self._rest = (self._rest + some).lstrip(b"\r\n")
        except BlockingIOError:
            return _last_word(self._rest)
        except OSError as error:
            return str(error)

    def close(self) -> None:
        """Gives it back, also where a forked child still has the connection open."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The other side was faster.
        self._connection.close()


def take(lease: Lease, name: str, shared: bool, timeout: str, holder: str) -> HeldLock:
    """
    Waits for a lock.

    :param timeout: such as ``90s``
    :param holder: who it is for, as lists show it
    :raises EnvctlError: naming the holders where it was not free in time
    """
    held, holders = _ask(lease, name, shared, timeout, holder)
    if held is None:
        raise EnvctlError(
            f"Lock {name} was not free within {timeout}: it is held by {holders}. `envctl status` shows holders and waiters."
        )
    return held


def try_take(lease: Lease, name: str, holder: str) -> Optional[HeldLock]:
    """The same, or nothing where somebody else holds it. One whose holder has just ended is free a moment later."""
    return _ask(lease, name, False, "2s", holder)[0]


def _ask(lease: Lease, name: str, shared: bool, timeout: str, holder: str) -> tuple[Optional[HeldLock], str]:
    body = json.dumps({"mode": "shared" if shared else "exclusive", "timeout": timeout, "holder": holder[:150]})
    address = urlsplit(lease.api)
    try:
        connection = socket.create_connection((address.hostname or "", address.port or 80), timeout=_CONNECT)
    except OSError as error:
        raise _unavailable(name, error) from error
    try:
        connection.settimeout(_SILENCE)
        # In HTTP/1.0 an answer is plain lines up to the end.
        head = (
            f"POST /v1/locks/{name} HTTP/1.0\r\nHost: {address.netloc}\r\nAuthorization: Bearer {lease.token}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall((head + body).encode("ascii"))
        answer = _Lines(connection)
        code = answer.status()
        while True:
            line = answer.next()
            if code >= 400:
                raise refusal(code, line)
            said = json.loads(line)
            if said["state"] == "held":
                return HeldLock(name, connection, answer.rest), ""
            if said["state"] == "timeout":
                connection.close()
                return None, _holders(said)
            if said["state"] == "over":
                raise OSError(said.get("reason", "the environment goes away"))
    except (OSError, ValueError, KeyError) as error:
        connection.close()
        raise _unavailable(name, error) from error
    except BaseException:
        connection.close()
        raise


class _Lines:
    """Reads an answer line by line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.rest = b""

    def status(self) -> int:
        """The code of HTTP; reads the head up to its end."""
        words = self._line().split()
        if len(words) < 2 or not words[0].startswith("HTTP/1."):
            raise ValueError("this is not the API of envctl")
        while self._line():
            pass
        return int(words[1])

    def next(self) -> str:
        """The next line that is no heartbeat."""
        while True:
            line = self._line()
            if line:
                return line

    def _line(self) -> str:
        while b"\n" not in self.rest:
            some = self._connection.recv(4096)
            if not some:
                # A refusal's body ends without a line's end.
                line, self.rest = self.rest, b""
                if line:
                    return line.decode("utf-8").strip()
                raise OSError("the primary has ended")
            self.rest += some
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode("utf-8").strip()


def _unavailable(name: str, error: Exception) -> EnvctlError:
    return EnvctlError(f"Lock {name} cannot be had: {error}. `envctl status` says what became of the environment.")


def _holders(said: dict[str, Any]) -> str:
    return ", ".join(f"{one.get('holder')} ({one.get('by')}, {one.get('mode')})" for one in said.get("holders", []))


def _last_word(text: bytes) -> Optional[str]:
    for line in text.decode("utf-8", "replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if said.get("state") == "over":
            return str(said.get("reason", "the environment goes away"))
    return None
