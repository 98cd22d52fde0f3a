from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Iterator

import pytest
from stub_primary import StubPrimary

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def no_environment_of_the_outer_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ENVCTL_", "PG", "PYTEST_XDIST", "PYTEST_ADDOPTS")):
            monkeypatch.delenv(name)


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """The folder of an inner run, which is a project of its own."""
    (pytester.path / "environments").mkdir()
    pytester.makeini("[pytest]\n")
    return pytester.path


@pytest.fixture
def environment(project: Path) -> Iterator[Callable[..., StubPrimary]]:
    """Makes one that runs."""
    made: list[StubPrimary] = []

    def make(**settings: object) -> StubPrimary:
        made.append(StubPrimary(project, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()
