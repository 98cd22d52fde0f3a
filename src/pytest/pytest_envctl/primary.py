"""What is asked of an environment's primary over HTTP; docs/api.md describes it. Every call is bounded."""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any, Optional
from urllib.parse import urlsplit

from .errors import EnvctlError
from .lease import Lease

_ANSWER = 10.0
# What the primary itself allows for emptying or removing a lease, and some more.
_WORK = 90.0
# How long the primary may take for a lease that is not ready.
_MAKING = 120


class Refused(EnvctlError):
    """The primary has answered that it does not do this."""


def require_alive(lease: Lease) -> None:
    """Fails if the lease's environment is gone, or has given it to somebody else."""
    _call(lease.api, lease.token, "GET", f"/v1/leases/{lease.worker}", None, _ANSWER)


def reset_database(lease: Lease) -> None:
    """A fresh copy of the database, at the same address; its connections are ended. Milliseconds."""
    _call(lease.api, lease.token, "POST", f"/v1/leases/{lease.worker}/reset?only=postgres", None, _WORK)


def acquire(directory: Path, holder: str) -> Lease:
    """One more lease, which returns by itself when this process ends."""
    record = _record(directory)
    wanted = {"holder": holder, "pid": os.getpid(), "timeout": f"{_MAKING}s"}
    given = _call(record["api"], record["token"], "POST", "/v1/leases", wanted, _MAKING + 10)
    return Lease.read(directory / "workers" / f"{given['worker']}.env")


def release(lease: Lease) -> None:
    """Gives back a lease that was acquired."""
    _call(lease.api, lease.token, "DELETE", f"/v1/leases/{lease.worker}", None, _WORK)


def join(directory: Path) -> None:
    """Makes this process one more of those that an environment stays for, if it stays for any."""
    record = _record(directory)
    _call(record["api"], record["token"], "POST", "/v1/owners", {"owner": _this_process()}, _ANSWER)


def refusal(code: int, text: str) -> Refused:
    """What the primary says."""
    try:
        said = json.loads(text)
        words = f"{said.get('problem', '')} {said.get('remedy', '')}".strip()
    except (ValueError, AttributeError):
        words = ""
    return Refused(f"The primary refuses (HTTP {code}): {words or 'no reason given'}")


def _record(directory: Path) -> dict[str, str]:
    """How to reach the primary, as its owner: only who made the environment can read it."""
    file = directory / "primary.json"
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return {"api": record["api"], "token": record["token"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvctlError(f"{file}, which says how to reach the primary, cannot be read: {error}.") from error


def _this_process() -> str:
    """Number and start time, which is the 22nd field of stat; the second is a name in parentheses and may hold blanks."""
    stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    return f"{os.getpid()}@{stat.rpartition(')')[2].split()[19]}"


def _call(api: str, token: str, method: str, path: str, body: Optional[dict[str, Any]], limit: float) -> dict[str, Any]:
    address = urlsplit(api)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=limit)
    try:
        connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        if answer.status >= 400:
            raise refusal(answer.status, text)
        said = json.loads(text) if text.strip() else {}
        return said if isinstance(said, dict) else {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EnvctlError(
            f"The environment's primary at {api} does not answer: {error}. `envctl status` says what became of it,"
            " `envctl up` makes it anew."
        ) from error
    finally:
        connection.close()
