"""Fixtures on top of those of the plugin."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Iterator

import psycopg
import pytest
import redis

RUNNING = Path(__file__).parent.parent / ".running"
PRINTER = RUNNING.with_name(".printer")


def pytest_configure(config: pytest.Config) -> None:
    """In the controller alone: what a run that was killed has left is nobody's."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(RUNNING, ignore_errors=True)
        PRINTER.unlink(missing_ok=True)


@pytest.fixture
def database(envctl_clean_database: str) -> Iterator[psycopg.Connection]:
    """A connection to a fresh copy of the template."""
    with psycopg.connect(envctl_clean_database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def cache(envctl_lease) -> Iterator[redis.Redis]:
    """This worker's index."""
    name = envctl_lease.variables["ENVCTL_CLIENT_NAME"]
    with redis.Redis.from_url(envctl_lease.redis_url, client_name=name, decode_responses=True) as client:
        yield client


@pytest.fixture(autouse=True)
def running(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file for each test that runs, in whatever process: so that a test sees who runs beside it."""
    RUNNING.mkdir(exist_ok=True)
    kind = "serial" if request.node.get_closest_marker("serial") else "test"
    file = RUNNING / f"{kind}-{os.getpid()}-{time.monotonic_ns()}"
    file.touch()
    try:
        yield file
    finally:
        file.unlink()
