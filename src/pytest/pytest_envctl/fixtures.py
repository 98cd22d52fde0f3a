"""The fixtures. All begin with ``envctl_``, so that none takes the place of one of yours."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import primary
from .errors import EnvctlError
from .lease import Lease
from .session import EnvctlSession

SESSION = pytest.StashKey[EnvctlSession]()
TEST_ID = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def envctl_lease(request: pytest.FixtureRequest) -> Lease:
    """What this test process has for itself."""
    try:
        return request.config.stash[SESSION].lease()
    except EnvctlError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def envctl_database_url(envctl_lease: Lease) -> str:
    """Such as postgresql://user:password@127.0.0.1:15001/worker_1."""
    return envctl_lease.database_url


@pytest.fixture(scope="session")
def envctl_redis_url(envctl_lease: Lease) -> str:
    """Such as redis://user:password@127.0.0.1:15002/1."""
    return envctl_lease.redis_url


@pytest.fixture(scope="session")
def envctl_kubeconfig(envctl_lease: Lease) -> Path:
    """The kubeconfig of this worker, who administers its own namespace."""
    return envctl_lease.kubeconfig


@pytest.fixture(scope="session")
def envctl_namespace(envctl_lease: Lease) -> str:
    """The namespace of this worker."""
    return envctl_lease.namespace


@pytest.fixture(scope="session")
def envctl_ports(envctl_lease: Lease) -> range:
    """Host ports that nobody else uses."""
    return envctl_lease.ports


@pytest.fixture
def envctl_test_id(request: pytest.FixtureRequest, envctl_lease: Lease) -> str:
    """A name that no other test has, such as w3-5f0c9d21-17: begin with it what the test makes."""
    name = envctl_lease.next_test_id()
    request.node.stash[TEST_ID] = name
    return name


@pytest.fixture
def envctl_clean_database(envctl_lease: Lease) -> str:
    """A fresh copy of what `init` made, before the test; gives its address. Open connections to the old one are ended."""
    try:
        primary.reset_database(envctl_lease)
    except EnvctlError as error:
        pytest.fail(str(error), pytrace=False)
    return envctl_lease.database_url
