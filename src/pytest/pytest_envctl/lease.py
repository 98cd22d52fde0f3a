"""What one test process has for itself, read from ``workers/N.env``."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Mapping, Optional

from .errors import EnvctlError

_NEEDED = ("ENVCTL_WORKER", "ENVCTL_TEST_ID", "ENVCTL_API", "ENVCTL_TOKEN", "KUBECONFIG")


class Lease:
    """A database and role, a Redis index or server, a namespace, host ports and a prefix for names: nobody else has them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """
        :param variables: as in ``workers/N.env``
        :raises EnvctlError: if they are not those of a lease
        """
        self.variables = dict(variables)
        self._tests = itertools.count(1)
        self._process = os.getpid()
        for name in _NEEDED:
            self._required(name)
        if not self.variables["ENVCTL_WORKER"].isdigit():
            raise EnvctlError(f"ENVCTL_WORKER is no number: {self.variables['ENVCTL_WORKER']}")

    @classmethod
    def read(cls, file: Path) -> Lease:
        """The lease in a file ``workers/N.env``."""
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise EnvctlError(f"The lease {file} cannot be read: {error.strerror or error}.") from error
        return cls(parse_variables(text))

    @classmethod
    def given(cls, variables: Mapping[str, str]) -> Optional[Lease]:
        """The one that the variables of a process describe, if they do."""
        if not variables.get("ENVCTL_TOKEN") or not variables.get("ENVCTL_WORKER"):
            return None
        return cls(variables)

    @property
    def worker(self) -> int:
        """Its number, from 1."""
        return int(self._required("ENVCTL_WORKER"))

    @property
    def id(self) -> str:
        """What tells it from all others, also from an earlier one of the same number."""
        return self.variables.get("ENVCTL_LEASE") or self.test_id

    @property
    def test_id(self) -> str:
        """A prefix for names that no other lease has."""
        return self._required("ENVCTL_TEST_ID")

    def next_test_id(self) -> str:
        """
        A name for a test, which everything that the test makes should begin with: ``w3-5f0c9d21-1``, ``-2`` and so on; with the
        process's number before it in a child of the process that took the lease, which counts by itself.
        """
        child = "" if os.getpid() == self._process else f"{os.getpid()}-"
        return f"{self.test_id}-{child}{next(self._tests)}"

    @property
    def database_url(self) -> str:
        """Such as ``postgresql://user:password@127.0.0.1:15001/worker_1``."""
        return self._required("DATABASE_URL")

    @property
    def redis_url(self) -> str:
        """Such as ``redis://user:password@127.0.0.1:15002/3``."""
        return self._required("REDIS_URL")

    @property
    def kubeconfig(self) -> Path:
        """The worker's own, with the rights that it has."""
        return Path(self._required("KUBECONFIG"))

    @property
    def namespace(self) -> str:
        """The namespace that it administers."""
        return self._required("ENVCTL_NAMESPACE")

    @property
    def ports(self) -> range:
        """Host ports that are its own."""
        first, _, last = self._required("ENVCTL_PORTS").partition("-")
        return range(int(first), int(last or first) + 1)

    @property
    def node_ports(self) -> dict[int, int]:
        """Host ports that reach its own services, by the node port that they lead to."""
        pairs = [pair.split(":") for pair in self.variables.get("ENVCTL_NODE_PORTS", "").split(",") if pair]
        return {int(node): int(host) for host, node in pairs}

    @property
    def directory(self) -> Path:
        """The folder of the environment's files, ``.envctl/NAME``."""
        return self.kubeconfig.parent.parent

    @property
    def api(self) -> str:
        """The address of the primary."""
        return self._required("ENVCTL_API")

    @property
    def token(self) -> str:
        """What the primary knows this worker by."""
        return self._required("ENVCTL_TOKEN")

    def _required(self, name: str) -> str:
        value = self.variables.get(name)
        if not value:
            worker = self.variables.get("ENVCTL_WORKER")
            raise EnvctlError(
                f"The lease{f' of worker {worker}' if worker else ''} has no {name}: the environment has no such service,"
                " or these are not the variables of a lease."
            )
        return value

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"<lease {self.id} of worker {self.worker}>"


def parse_variables(text: str) -> dict[str, str]:
    """Lines ``NAME=value``, whose values are plain or quoted for a POSIX shell."""
    variables = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and name:
            quoted = len(value) > 1 and value[0] == value[-1] == "'"
            variables[name] = value[1:-1].replace("'\\''", "'") if quoted else value
    return variables
