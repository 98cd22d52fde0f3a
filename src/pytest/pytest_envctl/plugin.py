"""pytest's hooks."""

from __future__ import annotations

import os
import sys
from typing import Any, Generator, Optional

import pytest

from . import fixtures, markers
from .errors import EnvctlError
from .fixtures import (  # noqa: F401  pytest finds fixtures in the module of the plugin
    envctl_clean_database,
    envctl_database_url,
    envctl_kubeconfig,
    envctl_lease,
    envctl_namespace,
    envctl_ports,
    envctl_redis_url,
    envctl_test_id,
)
from .session import EnvctlSession, describe
from .source import LeaseSource, Worker, environment_of

_DEFAULT = "e2e"
# What only asks pytest something, and runs no test.
_QUESTIONS = ("help", "version", "collectonly", "showfixtures", "show_fixtures_per_test", "markers", "setupplan")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("envctl", "a shared environment for parallel end-to-end tests")
    group.addoption(
        "--envctl-environment",
        metavar="NAME",
        help=f"the environment to test with; without it ENVCTL_ENVIRONMENT, else {_DEFAULT}",
    )
    group.addoption(
        "--envctl-start",
        metavar="NAME",
        help="start this environment if it does not run; it goes with this run. One that runs already is left alone",
    )
    parser.addini("envctl_start", "as --envctl-start; --envctl-environment and ENVCTL_ENVIRONMENT name another one", default="")
    parser.addini("envctl_command", "the program envctl, where it is neither in or above the root folder nor on the path", default="")
    parser.addini("envctl_variables", "set PGHOST, DATABASE_URL, KUBECONFIG, ... in test processes", type="bool", default=True)
    parser.addini("envctl_lock_timeout", "how long a test waits for a lock that its markers ask for", default="10m")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before conftest.py is imported, which may read the variables."""
    _open(early_config, early_config.known_args_namespace)


def pytest_configure(config: pytest.Config) -> None:
    for line in markers.LINES:
        config.addinivalue_line("markers", line)
    # Again, because a conftest.py may have brought this plugin, and pytest-xdist may do without workers after all.
    _open(config, config.option)


def _open(config: pytest.Config, options: Any) -> None:
    session = config.stash.get(fixtures.SESSION, None)
    asks_only = any(getattr(options, name, False) for name in _QUESTIONS)
    if session is None:
        session = _session(config, options)
        config.stash[fixtures.SESSION] = session
        config.add_cleanup(session.end)
        if not asks_only and session.source.worker is None and _starts(config, options):
            try:
                session.start(config.getini("envctl_command"), _teller(config))
            except EnvctlError as error:
                raise pytest.UsageError(str(error)) from error
    if not asks_only and not _distributes(options, session.source.worker):
        session.begin()


def _session(config: pytest.Config, options: Any) -> EnvctlSession:
    environment = _environment(options, _starts(config, options))
    asked = options.envctl_environment or options.envctl_start
    other = environment_of(os.environ)
    if asked and other is not None and other != asked:
        raise pytest.UsageError(
            f"Environment {asked} is asked for, but the variables of this process are of {other}: unset ENVCTL_TOKEN and"
            " ENVCTL_DIRECTORY, or leave the option out."
        )
    source = LeaseSource(environment, Worker.of_xdist(os.environ), config.rootpath, dict(os.environ))
    return EnvctlSession(source, config.getini("envctl_variables"), config.getini("envctl_lock_timeout"))


def _starts(config: pytest.Config, options: Any) -> str:
    return str(options.envctl_start or config.getini("envctl_start"))


def _environment(options: Any, starts: str) -> str:
    named = options.envctl_environment
    if named and options.envctl_start and named != options.envctl_start:
        raise pytest.UsageError(
            f"--envctl-environment {named} and --envctl-start {options.envctl_start} name different environments: leave out one."
        )
    return named or options.envctl_start or os.environ.get("ENVCTL_ENVIRONMENT") or starts or _DEFAULT


def _distributes(options: Any, worker: Optional[Worker]) -> bool:
    """Whether other processes run the tests of this one."""
    if worker is not None:
        return False
    return bool(getattr(options, "numprocesses", None)) or (
        getattr(options, "dist", "no") != "no" and bool(getattr(options, "tx", None))
    )


def _teller(config: pytest.Config) -> Any:
    """Shows progress at once, although pytest captures already."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def say(line: str) -> None:
        if capture is None:
            print(line, file=sys.stderr, flush=True)
        else:
            with capture.global_and_fixture_disabled():
                print(line, file=sys.stderr, flush=True)

    return say


def pytest_report_header(config: pytest.Config) -> Optional[str]:
    session = config.stash[fixtures.SESSION]
    return session.controller_header() if _distributes(config.option, session.source.worker) else session.header()


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[fixtures.SESSION].some_run_alone = any(markers.runs_alone(item) for item in session.items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """After it is known whether the test is skipped, before its fixtures."""
    session = item.config.stash[fixtures.SESSION]
    try:
        session.take_locks(item)
    except EnvctlError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """After its fixtures."""
    try:
        return (yield)
    finally:
        try:
            item.config.stash[fixtures.SESSION].give_locks_back(item)
        except EnvctlError as error:
            pytest.fail(str(error), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Says whose test it was: in JUnit XML as a property, and where it failed in words."""
    report = yield
    lease = item.config.stash[fixtures.SESSION].taken
    if lease is not None:
        if report.when == "setup":
            item.user_properties.append(("envctl_lease", lease.id))
        if report.failed:
            name = item.stash.get(fixtures.TEST_ID, None)
            report.sections.append(("envctl", describe(lease) + (f", test id {name}" if name else "")))
    return report
