from __future__ import annotations

from pathlib import Path

import pytest
from stub_primary import StubPrimary

from pytest_envctl import EnvctlError, Lease
from pytest_envctl.lease import parse_variables
from pytest_envctl.source import LeaseSource, Worker


def test_reads_values_as_a_shell_does():
    assert parse_variables("A=plain\nB='it'\\''s here'\nC=a=b\n\nD=''\n") == {"A": "plain", "B": "it's here", "C": "a=b", "D": ""}


def test_has_all_parts(environment):
    lease = Lease.read(environment().directory / "workers" / "2.env")
    assert (lease.worker, lease.id, lease.namespace) == (2, "w2-00000002", "worker-2")
    assert lease.ports == range(15200, 15210)
    assert lease.node_ports == {30000: 15210, 30001: 15211}
    assert [lease.next_test_id(), lease.next_test_id()] == ["w2-00000002-1", "w2-00000002-2"]


def test_names_what_is_not_there_and_shows_no_secret(environment):
    variables = environment().variables(1)
    del variables["REDIS_URL"]
    lease = Lease(variables)
    with pytest.raises(EnvctlError, match="The lease of worker 1 has no REDIS_URL"):
        print(lease.redis_url)
    assert "secret" not in repr(lease) and "token" not in repr(lease)


def test_an_incomplete_lease_in_the_variables_is_told():
    with pytest.raises(EnvctlError, match="has no ENVCTL_TEST_ID"):
        Lease.given({"ENVCTL_WORKER": "3", "ENVCTL_TOKEN": "x"})


@pytest.mark.parametrize(
    ("name", "seen", "expected"),
    [("gw0", "", 1), ("gw11", "", 12), ("master", "", None), ("", "", None), ("gw3", "run/gw3", None), ("gw3", "other/gw3", 4)],
)
def test_numbers_the_workers_of_xdist(name, seen, expected):
    worker = Worker.of_xdist(
        {"PYTEST_XDIST_WORKER": name, "PYTEST_XDIST_TESTRUNUID": "run", "ENVCTL_PYTEST_WORKER": seen}
    )
    assert (worker.number if worker else None) == expected


def source(root: Path, **variables: str) -> LeaseSource:
    return LeaseSource("e2e", None, root, variables)


def test_finds_the_environment_above_the_root_folder(environment, project):
    primary = environment()
    inner = project / "tests" / "e2e"
    inner.mkdir(parents=True)
    assert source(inner).directory() == primary.directory


def test_looks_no_further_than_the_project(environment, project):
    environment()
    inner = project / "examples" / "one"
    (inner.parent / "environments").mkdir(parents=True)
    assert source(inner).directory() is None


def test_the_folder_in_the_variable_comes_first(environment, project, tmp_path_factory):
    environment()
    elsewhere = StubPrimary(tmp_path_factory.mktemp("elsewhere"), name="other")
    try:
        assert source(project, ENVCTL_DIRECTORY=str(elsewhere.directory)).directory() == elsewhere.directory
        assert source(project, ENVCTL_DIRECTORY=str(project / "nothing")).directory() is None
    finally:
        elsewhere.close()
