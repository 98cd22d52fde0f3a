"""Which named locks a test holds while it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

import pytest

from .errors import EnvctlError

LINES = (
    "serial: one at a time of all tests that are marked so, in all processes of the environment; others run on.",
    "no_parallel: no other test of this run, and of others that have such tests, runs at the same time.",
    "shared_resource(name, mode='exclusive', timeout='10m'): the test holds a named lock of the environment while it runs;"
    " with mode='shared' together with others that share it.",
)

_SERIAL = "serial"
_NO_PARALLEL = "no-parallel"
_FIRST = (_NO_PARALLEL, _SERIAL)
_NAME = re.compile(r"[A-Za-z0-9._-]{1,63}")
_MODES = ("exclusive", "shared")


@dataclass(frozen=True)
class Wanted:
    """A lock that a test wants."""

    name: str
    shared: bool
    timeout: str


def wanted(item: pytest.Item, some_run_alone: bool, timeout: str) -> list[Wanted]:
    """
    Those for running alone first, then in the order of their names: so that no two tests wait for each other. It is JUnit's
    order too, where a class that is serial has methods that want resources.

    :param some_run_alone: whether tests of this run are marked ``no_parallel``
    :param timeout: where the marker says none
    """
    found: dict[str, Wanted] = {}

    def add(one: Wanted) -> None:
        before = found.get(one.name)
        # The nearest marker comes first; to have it alone is more than to share it.
        if before is None or (before.shared and not one.shared):
            found[one.name] = one

    for marker in item.iter_markers("shared_resource"):
        add(_resource(item, marker, timeout))
    if item.get_closest_marker("serial"):
        add(Wanted(_SERIAL, False, timeout))
    if some_run_alone:
        add(Wanted(_NO_PARALLEL, not runs_alone(item), timeout))
    return sorted(found.values(), key=lambda one: (_FIRST.index(one.name) if one.name in _FIRST else len(_FIRST), one.name))


def runs_alone(item: pytest.Item) -> bool:
    """Whether it is marked so."""
    return item.get_closest_marker("no_parallel") is not None


def is_marked(item: pytest.Item) -> bool:
    """Whether it needs an environment for the sake of its markers."""
    return any(item.get_closest_marker(name) for name in ("serial", "no_parallel", "shared_resource"))


def _resource(item: pytest.Item, marker: pytest.Mark, timeout: str) -> Wanted:
    def read(name: Optional[str] = None, mode: str = "exclusive", timeout: str = timeout) -> Wanted:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise EnvctlError(
                f"{item.nodeid}: shared_resource needs a name of up to 63 letters, digits, '.', '_' and '-', not {name!r}."
            )
        if mode not in _MODES:
            raise EnvctlError(f"{item.nodeid}: the mode of shared_resource({name!r}) is 'exclusive' or 'shared', not {mode!r}.")
        return Wanted(name, mode == "shared", timeout)

    try:
        return read(*marker.args, **marker.kwargs)
    except TypeError as error:
        raise EnvctlError(f"{item.nodeid}: shared_resource(name, mode, timeout) is wrongly used: {error}.") from error
