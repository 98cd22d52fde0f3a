"""A primary's HTTP API over leases that lead nowhere: the plugin's own side of docs/api.md, for its tests."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Optional

OWNER = "owner-token"


class StubPrimary:
    """An environment's files in a project, and who answers for it."""

    def __init__(self, project: Path, name: str = "e2e", count: int = 2, on_demand: int = 0) -> None:
        self.directory = project / ".envctl" / name
        self.count = count
        self.on_demand = on_demand
        self.given: list[int] = []
        self.asked: list[str] = []
        self.locks: dict[str, _Lock] = {}
        self.changed = threading.Condition()
        self.over = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.primary = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.api = "http://127.0.0.1:%d" % self._server.server_address[1]
        self.write()

    def write(self) -> None:
        workers = self.directory / "workers"
        workers.mkdir(parents=True, exist_ok=True)
        for number in range(1, self.count + 1):
            self.write_lease(number)
        (self.directory / "primary.json").write_text(json.dumps({"api": self.api, "token": OWNER}))
        hand_off = {"name": self.directory.name, "workers": [{"index": n} for n in range(1, self.count + 1)]}
        (self.directory / "environment.json").write_text(json.dumps(hand_off))

    def variables(self, number: int) -> dict[str, str]:
        return {
            "ENVCTL_WORKER": str(number),
            "ENVCTL_LEASE": f"w{number}-0000000{number}",
            "ENVCTL_TEST_ID": f"w{number}-0000000{number}",
            "ENVCTL_API": self.api,
            "ENVCTL_TOKEN": f"token-{number}",
            "KUBECONFIG": str(self.directory / "workers" / f"{number}.kubeconfig"),
            "ENVCTL_NAMESPACE": f"worker-{number}",
            "PGHOST": "127.0.0.1",
            "PGDATABASE": f"worker_{number}",
            "DATABASE_URL": f"postgresql://worker_{number}:secret@127.0.0.1:1/worker_{number}",
            "REDIS_URL": f"redis://worker-{number}:secret@127.0.0.1:2/{number}",
            "ENVCTL_PORTS": f"15{number}00-15{number}09",
            "ENVCTL_NODE_PORTS": f"15{number}10:30000,15{number}11:30001",
        }

    def write_lease(self, number: int) -> None:
        lines = [f"{name}={value}" for name, value in self.variables(number).items()]
        (self.directory / "workers" / f"{number}.env").write_text("\n".join(lines) + "\n")

    def forget(self) -> None:
        """As after `down`."""
        for file in (*self.directory.glob("workers/*"), *self.directory.glob("*.json")):
            file.unlink()

    def asked_for(self, beginning: str) -> list[str]:
        return [one for one in self.asked if one.startswith(beginning)]

    def hold(self, name: str) -> None:
        """As another process would, for ever."""
        self.locks.setdefault(name, _Lock()).holders.append(("exclusive", "envctl lock"))

    def end(self) -> None:
        """All locks are lost."""
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def close(self) -> None:
        self.end()
        self._server.shutdown()
        self._server.server_close()


class _Lock:
    def __init__(self) -> None:
        self.holders: list[tuple[str, str]] = []
        self.queue: list[object] = []

    def admits(self, ticket: object, mode: str) -> bool:
        return self.queue[0] is ticket and (
            not self.holders or (mode == "shared" and all(held == "shared" for held, _ in self.holders))
        )

    def party(self) -> list[dict[str, str]]:
        return [{"holder": holder, "by": "worker 9", "mode": mode} for mode, holder in self.holders]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, *words: Any) -> None:
        pass

    def _serve(self) -> None:
        primary: StubPrimary = self.server.primary  # type: ignore[attr-defined]
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(said) if said else {}
        token = self.headers["Authorization"].removeprefix("Bearer ")
        primary.asked.append(f"{self.command} {self.path} {json.dumps(body, sort_keys=True)}")
        if self.path.startswith("/v1/locks/"):
            self._lock(primary, self.path.rpartition("/")[2], body)
        elif self.path == "/v1/leases" and token == OWNER:
            self._acquire(primary)
        elif self.path == "/v1/owners" and token == OWNER:
            self._answer(200, {"changed": False})
        elif self.path.startswith("/v1/leases/") and token == "token-" + self.path.split("/")[3].partition("?")[0]:
            self._answer(200, {})
        else:
            self._answer(401, {"problem": "This token is not known."})

    def _acquire(self, primary: StubPrimary) -> None:
        with primary.changed:
            if len(primary.given) == primary.on_demand:
                return self._answer(409, {"problem": "All indexes are taken.", "remedy": "Raise redis.databases."})
            number = primary.count + len(primary.given) + 1
            primary.given.append(number)
        primary.write_lease(number)
        self._answer(201, {"worker": number})

    def _lock(self, primary: StubPrimary, name: str, body: dict[str, str]) -> None:
        self.send_response(200)
        self.end_headers()
        ticket: object = object()
        mode = body["mode"]
        until = time.monotonic() + _seconds(body["timeout"])
        with primary.changed:
            lock = primary.locks.setdefault(name, _Lock())
            lock.queue.append(ticket)
            try:
                while not lock.admits(ticket, mode):
                    self._line({"state": "waiting", "position": 1, "holders": lock.party()})
                    if time.monotonic() > until:
                        return self._line({"state": "timeout", "holders": lock.party()})
                    primary.changed.wait(0.05)
                lock.holders.append((mode, body["holder"]))
            finally:
                lock.queue.remove(ticket)
                primary.changed.notify_all()
        entry = (mode, body["holder"])
        try:
            self._line({"state": "held"})
            while not primary.over:
                self.wfile.write(b"\n")  # Fails once the other side is gone.
                self._wait_for_the_end()
                if self._closed:
                    return
            self._line({"state": "over", "reason": "the environment is removed"})
        except OSError:
            pass
        finally:
            with primary.changed:
                lock.holders.remove(entry)
                primary.changed.notify_all()

    _closed = False

    def _wait_for_the_end(self) -> None:
        self.connection.settimeout(0.02)
        try:
            self._closed = self.connection.recv(1) == b""
        except socket.timeout:
            pass
        finally:
            self.connection.settimeout(None)

    def _line(self, said: Optional[dict[str, Any]]) -> None:
        self.wfile.write(json.dumps(said).encode() + b"\n")

    def _answer(self, code: int, said: dict[str, Any]) -> None:
        text = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _seconds(duration: str) -> float:
    return float(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]
