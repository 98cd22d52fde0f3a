"""Who starts an environment: a program `envctl` that writes down how it was called, and what the stub keeps ready."""

from __future__ import annotations

import os
import sys

import pytest

TESTS = "def test_it(envctl_lease): pass\ndef test_other(envctl_lease): pass"


@pytest.fixture
def stopped(environment, project):
    """An environment that does not run, and the program that makes it."""
    primary = environment(count=3)
    primary.forget()
    program = project / "envctl"
    program.write_text(
        f"""#!{sys.executable}
import pathlib, sys
with open("called", "a") as file: file.write(" ".join(sys.argv[1:]) + "\\n")
print("create cluster 12.3 s", file=sys.stderr)
print("the hand-off")
sys.path.insert(0, {os.path.dirname(__file__)!r})
from stub_primary import StubPrimary
ready = StubPrimary.__new__(StubPrimary)
ready.directory, ready.count, ready.api = pathlib.Path({str(primary.directory)!r}), {primary.count}, {primary.api!r}
ready.write()
"""
    )
    program.chmod(0o755)
    return primary


def calls(project):
    file = project / "called"
    return file.read_text().splitlines() if file.exists() else []


def test_the_controller_alone_starts_it_and_it_goes_with_the_run(pytester, stopped, project):
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("-n3", "--envctl-start=e2e")
    ran.assert_outcomes(passed=2)
    (call,) = calls(project)
    words = call.split()
    assert words[:5] == ["up", "--environment", "e2e", "--ephemeral", "--owner-pid"]
    assert int(words[5]) > 1
    ran.stdout.fnmatch_lines(["envctl: environment e2e, made for this run (*"])
    ran.stderr.fnmatch_lines(["create cluster 12.3 s"])
    ran.stdout.no_fnmatch_line("the hand-off")


def test_the_settings_file_can_say_so_and_a_variable_which_one(pytester, stopped, project, monkeypatch):
    pytester.makeini("[pytest]\nenvctl_start = other\n")
    monkeypatch.setenv("ENVCTL_ENVIRONMENT", "e2e")
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess().assert_outcomes(passed=2)
    assert calls(project)[0].startswith("up --environment e2e ")


def test_one_that_runs_is_joined_and_left_alone(pytester, stopped, project):
    stopped.write()
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("-n2", "--envctl-start=e2e")
    ran.assert_outcomes(passed=2)
    assert calls(project) == []
    assert len(stopped.asked_for("POST /v1/owners ")) == 1
    ran.stdout.no_fnmatch_line("*made for this run*")


def test_leftovers_of_a_killed_one_are_not_taken_for_it(pytester, environment, stopped, project):
    stopped.write()
    record = stopped.directory / "primary.json"
    record.write_text(record.read_text().replace(stopped.api, "http://127.0.0.1:1"))
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess("--envctl-start=e2e").assert_outcomes(passed=2)
    assert len(calls(project)) == 1


@pytest.mark.parametrize("question", ["--collect-only", "--help", "--fixtures", "--markers", "--version"])
def test_a_question_starts_nothing(pytester, stopped, project, question):
    pytester.makepyfile(TESTS)
    assert pytester.runpytest_subprocess("--envctl-start=e2e", question).ret == 0
    assert calls(project) == []


def test_a_lease_that_is_given_starts_nothing(pytester, stopped, project, monkeypatch):
    stopped.write()
    for name, value in stopped.variables(2).items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess("--envctl-start=e2e").assert_outcomes(passed=2)
    assert calls(project) == []


def test_a_failed_start_shows_what_envctl_said_and_runs_nothing(pytester, project):
    (project / "envctl").write_text("#!/bin/sh\necho 'error: no engine answers' >&2\nexit 3\n")
    (project / "envctl").chmod(0o755)
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("-n2", "--envctl-start=e2e")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["ERROR: The environment could not be started: `*envctl up *` in * ended with exit code 3:*", "*error: no engine answers"])


def test_a_missing_program_is_told(pytester, project, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("--envctl-start=e2e")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["ERROR: There is no program `envctl` in * or above it, nor on the search path: set `envctl_command`*"])


def test_two_names_are_refused(pytester, project):
    ran = pytester.runpytest_subprocess("--envctl-start=a", "--envctl-environment=b")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["ERROR: --envctl-environment b and --envctl-start a name different environments: leave out one."])
