"""What one pytest process knows of its environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, MutableMapping, Optional

import pytest

from . import launcher, locks, markers
from .errors import EnvctlError
from .lease import Lease
from .locks import HeldLock
from .source import LeaseSource, Taken, Worker, fixed_leases

_LOCKS = pytest.StashKey[list[HeldLock]]()


class EnvctlSession:
    """One for each pytest process: the controller of pytest-xdist, each of its workers, or the only one."""

    def __init__(self, source: LeaseSource, sets_variables: bool, lock_timeout: str) -> None:
        self.source = source
        self.some_run_alone = False
        self._sets_variables = sets_variables
        self._lock_timeout = lock_timeout
        self._taken: Optional[Taken] = None
        self._failure: Optional[EnvctlError] = None
        self._before: dict[str, Optional[str]] = {}
        self._made = False

    def start(self, command: str, say: Callable[[str], None]) -> None:
        """Makes sure that there is an environment. Not for workers of pytest-xdist."""
        if self.source.given() is None and not self.source.variables.get("ENVCTL_DIRECTORY"):
            self._made = launcher.start(self.source.environment, self.source.directory(), self.source.root, command, say)

    def begin(self) -> None:
        """Takes the lease if there is one, so that what is imported from here on finds its variables."""
        if self.source.worker is not None:
            self._set(Worker.marks(os.environ))
        try:
            if self._sets_variables and (self.source.given() or self.source.directory()):
                self.lease()
        except EnvctlError as error:
            self._failure = error  # Told by the header, and by each test that needs one.

    def lease(self) -> Lease:
        """
        The lease of this process, the same one every time.

        :raises EnvctlError: the same one every time
        """
        if self._failure is not None:
            raise self._failure
        if self._taken is None:
            try:
                self._taken = self.source.take()
            except EnvctlError as error:
                self._failure = error
                raise
            if self._sets_variables:
                self._set(self._taken.lease.variables)
        return self._taken.lease

    @property
    def taken(self) -> Optional[Lease]:
        """The lease, if this process has it already."""
        return self._taken.lease if self._taken else None

    def _set(self, variables: MutableMapping[str, str]) -> None:
        for name, value in variables.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value

    def take_locks(self, item: pytest.Item) -> None:
        """Those that the test's markers ask for."""
        wanted = markers.wanted(item, self.some_run_alone, self._lock_timeout)
        if not wanted:
            return
        try:
            lease = self.lease()
        except EnvctlError:
            if markers.is_marked(item):
                raise
            return  # It is only kept apart from tests that cannot run without an environment either.
        held = item.stash.setdefault(_LOCKS, [])
        for one in wanted:
            held.append(locks.take(lease, one.name, one.shared, one.timeout, f"{item.nodeid} [pid {os.getpid()}]"))

    def give_locks_back(self, item: pytest.Item) -> None:
        """
        At the end of the test.

        :raises EnvctlError: if one was lost on the way: another holder may have begun
        """
        held = item.stash.get(_LOCKS, [])
        item.stash[_LOCKS] = []
        lost = []
        for lock in reversed(held):
            reason = lock.lost()
            if reason is not None:
                lost.append(f"Lock {lock.name} was lost while the test ran: {reason}. Another may have begun meanwhile.")
            lock.close()
        if lost:
            raise EnvctlError("\n".join(lost))

    def controller_header(self) -> Optional[str]:
        """Which lease each worker will take."""
        try:
            directory = self.source.directory()
            if directory is None:
                return None
            fixed = len(fixed_leases(directory))
        except EnvctlError as error:
            return f"envctl: {_first_line(error)}"
        return f"envctl: {self._environment(directory)}; gw0 has lease 1, gw1 lease 2, ... {fixed} fixed, more on demand"

    def header(self) -> Optional[str]:
        """Which lease this process has."""
        if self._failure is not None:
            return f"envctl: no lease: {_first_line(self._failure)}"
        lease = self.taken
        return f"envctl: {self._environment(lease.directory)}, {describe(lease)}" if lease else None

    def _environment(self, directory: Path) -> str:
        return f"environment {directory.name}{', made for this run' if self._made else ''} ({directory})"

    def end(self) -> None:
        """Gives back what this process has, and leaves the variables as they were."""
        taken, self._taken = self._taken, None
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before.clear()
        if taken is not None:
            try:
                taken.give_back()
            except EnvctlError:
                pass  # The lease returns by itself when this process has ended.


def describe(lease: Lease) -> str:
    """For people, without what is secret."""
    parts = [f"database {lease.variables['PGDATABASE']}"] if lease.variables.get("PGDATABASE") else []
    parts.append(f"namespace {lease.namespace}")
    return f"lease {lease.id} of worker {lease.worker} ({', '.join(parts)})"


def _first_line(error: EnvctlError) -> str:
    return str(error).splitlines()[0]
