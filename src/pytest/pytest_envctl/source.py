"""Where a test process finds its lease."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

from . import locks, primary
from .errors import EnvctlError
from .lease import Lease
from .locks import HeldLock

# Set in a worker of pytest-xdist, so that a pytest that one of its tests runs does not take itself for that worker.
_SEEN = "ENVCTL_PYTEST_WORKER"


@dataclass(frozen=True)
class Worker:
    """Which of several test processes this one is."""

    number: int
    name: str

    @classmethod
    def of_xdist(cls, variables: Mapping[str, str]) -> Optional[Worker]:
        """The worker of pytest-xdist that this process is, gw0 being the first; or nothing."""
        name = re.fullmatch(r"gw(\d+)", variables.get("PYTEST_XDIST_WORKER", ""))
        if name is None or variables.get(_SEEN) == _identity(variables):
            return None
        return cls(int(name[1]) + 1, name[0])

    @staticmethod
    def marks(variables: Mapping[str, str]) -> dict[str, str]:
        """What to set for the processes that tests start."""
        return {_SEEN: _identity(variables)}


def _identity(variables: Mapping[str, str]) -> str:
    return variables.get("PYTEST_XDIST_TESTRUNUID", "") + "/" + variables.get("PYTEST_XDIST_WORKER", "")


@dataclass(frozen=True)
class Taken:
    """A lease, and why it is this process's."""

    lease: Lease
    claim: Optional[HeldLock] = None
    acquired: bool = False

    def give_back(self) -> None:
        """The end of this process would do the same."""
        if self.claim is not None:
            self.claim.close()
        if self.acquired:
            primary.release(self.lease)


@dataclass(frozen=True)
class LeaseSource:
    """
    The first of these that is there:

    1. the variables of the process, where they are those of a lease; but not in a worker of pytest-xdist
    2. the folder in ``ENVCTL_DIRECTORY``
    3. ``.envctl/NAME`` in the root folder or above it, up to the project, which has a folder ``environments``
    """

    environment: str
    worker: Optional[Worker]
    root: Path
    variables: Mapping[str, str]

    def given(self) -> Optional[Lease]:
        """The lease that the variables describe."""
        return Lease.given(self.variables) if self.worker is None else None

    def directory(self) -> Optional[Path]:
        """The environment's folder, if there are leases in it."""
        return next((folder for folder in self._folders() if (folder / "workers" / "1.env").is_file()), None)

    def _folders(self) -> list[Path]:
        said = _directory_of(self.variables)
        if said is not None:
            return [said]
        folders = []
        for above in (self.root, *self.root.parents):
            folders.append(above / ".envctl" / self.environment)
            if (above / "environments").is_dir():
                break
        return folders

    def take(self) -> Taken:
        """
        The lease of this process.

        :raises EnvctlError: saying what was looked for, and the command that helps
        """
        given = self.given()
        if given is not None:
            primary.require_alive(given)
            return Taken(given)
        directory = self.directory()
        if directory is None:
            raise self._missing()
        number = self.worker.number if self.worker else 1
        fixed = fixed_leases(directory)
        if number not in fixed:
            return self._acquire(directory, number, f"the environment has {len(fixed)} (workers.count)")
        lease = Lease.read(directory / "workers" / f"{number}.env")
        primary.require_alive(lease)
        return self._claim(lease) or self._acquire(directory, number, "another test process uses that one")

    def _claim(self, lease: Lease) -> Optional[Taken]:
        """A fixed lease, if no other test process uses it."""
        claim = locks.try_take(lease, f"envctl.worker-{lease.worker}", self._who())
        return Taken(lease, claim=claim) if claim is not None else None

    def _acquire(self, directory: Path, number: int, why: str) -> Taken:
        try:
            return Taken(primary.acquire(directory, self._who()), acquired=True)
        except EnvctlError as error:
            spare = self._spare(directory) if isinstance(error, primary.Refused) else None
            if spare is not None:
                return spare
            raise EnvctlError(
                f"{self._who()} needs lease {number} of environment {directory.name}, but {why}, and no other can be had:"
                f" {error}\nSet workers.count in the environment's file to as many test processes as run at a time, or run"
                f" fewer (`-n {len(fixed_leases(directory))}`)."
            ) from error

    def _spare(self, directory: Path) -> Optional[Taken]:
        """A fixed lease that nobody uses: as that of a worker which has died and is replaced by this one."""
        for number in sorted(fixed_leases(directory)):
            taken = self._claim(Lease.read(directory / "workers" / f"{number}.env"))
            if taken is not None:
                return taken
        return None

    def _who(self) -> str:
        return f"pytest{f' {self.worker.name}' if self.worker else ''} [pid {os.getpid()}]"

    def _missing(self) -> EnvctlError:
        set_folder = self.variables.get("ENVCTL_DIRECTORY")
        walked = "" if set_folder else f"  .envctl/{self.environment} in {self.root} and above it: no leases there\n"
        option = "" if self.environment == "e2e" else f" -e {self.environment}"
        return EnvctlError(
            "There is no environment to test with. Looked for\n"
            f"  a lease in the variables (ENVCTL_WORKER, ENVCTL_TOKEN): {'not in a worker of xdist' if self.worker else 'not set'}\n"
            f"  the folder in ENVCTL_DIRECTORY: {f'no leases in {set_folder}' if set_folder else 'not set'}\n"
            f"{walked}"
            f"Start one with `envctl up{option}`, or let pytest do it: `--envctl-start {self.environment}`."
        )


def environment_of(variables: Mapping[str, str]) -> Optional[str]:
    """The name of the environment that the variables lead to, if they lead to one."""
    directory = _directory_of(variables)
    return directory.name if directory is not None else None


def _directory_of(variables: Mapping[str, str]) -> Optional[Path]:
    if variables.get("ENVCTL_DIRECTORY"):
        return Path(variables["ENVCTL_DIRECTORY"])
    given = Lease.given(variables)
    return given.directory if given is not None else None


def fixed_leases(directory: Path) -> frozenset[int]:
    """
    The numbers of the leases that are there from the beginning to the end.

    :raises EnvctlError: if the environment is not ready
    """
    file = directory / "environment.json"
    try:
        return frozenset(one["index"] for one in json.loads(file.read_text(encoding="utf-8"))["workers"])
    except FileNotFoundError as error:
        raise EnvctlError(
            f"Environment {directory.name} is not ready: there is no {file}. `envctl status -e {directory.name}` says why,"
            f" `envctl up -e {directory.name}` makes it ready."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvctlError(f"{file} cannot be read: {error}.") from error
