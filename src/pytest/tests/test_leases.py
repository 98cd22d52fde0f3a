"""Which process has which lease, in real runs of pytest."""

from __future__ import annotations

import json

SHOW = """
    import json, os, pathlib, pytest

    @pytest.mark.parametrize("number", range(12))
    def test_shows(number, envctl_lease):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        pathlib.Path(f"seen-{worker}.json").write_text(json.dumps([envctl_lease.worker, os.environ.get("PGDATABASE")]))
"""


def seen(pytester):
    return {file.stem.removeprefix("seen-"): json.loads(file.read_text()) for file in pytester.path.glob("seen-*.json")}


def test_alone_has_the_first_and_says_so(pytester, environment):
    primary = environment()
    pytester.makepyfile(SHOW)
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(passed=12)
    ran.stdout.fnmatch_lines(["envctl: environment e2e (*), lease w1-00000001 of worker 1 (database worker_1, namespace worker-1)"])
    assert seen(pytester) == {"alone": [1, "worker_1"]}
    assert len(primary.asked_for("POST /v1/locks/envctl.worker-1 ")) == 1


def test_each_worker_of_xdist_has_its_own(pytester, environment):
    primary = environment(count=3)
    pytester.makepyfile(SHOW)
    ran = pytester.runpytest_subprocess("-n3", "--dist=each", "--tx=3*popen")
    ran.assert_outcomes(passed=36)
    ran.stdout.fnmatch_lines(["envctl: environment e2e (*); gw0 has lease 1, gw1 lease 2, ... 3 fixed, more on demand"])
    assert seen(pytester) == {f"gw{n}": [n + 1, f"worker_{n + 1}"] for n in range(3)}
    assert primary.asked_for("POST /v1/leases ") == []


def test_more_workers_than_leases_get_some_on_demand_and_give_them_back(pytester, environment):
    primary = environment(count=1, on_demand=2)
    pytester.makepyfile(SHOW)
    pytester.runpytest_subprocess("-n3", "--dist=each", "--tx=3*popen").assert_outcomes(passed=36)
    assert sorted(lease for lease, _ in seen(pytester).values()) == [1, 2, 3]
    asked = [json.loads(one.split(" ", 2)[2]) for one in primary.asked_for("POST /v1/leases ")]
    assert sorted(one["holder"].split(" [")[0] for one in asked) == ["pytest gw1", "pytest gw2"]
    assert all(one["pid"] > 0 for one in asked)
    assert sorted(one.split()[1] for one in primary.asked_for("DELETE ")) == ["/v1/leases/2", "/v1/leases/3"]


def test_where_there_are_no_more_it_says_what_to_change(pytester, environment):
    environment(count=1).hold("envctl.worker-1")
    pytester.makepyfile(SHOW)
    ran = pytester.runpytest_subprocess("-n2", "--dist=each", "--tx=2*popen")
    ran.assert_outcomes(errors=24)
    refused = "and no other can be had: The primary refuses (HTTP 409): All indexes are taken. Raise redis.databases."
    for needs in (
        f"*pytest gw0 * needs lease 1 of environment e2e, but another test process uses that one, {refused}",
        f"*pytest gw1 * needs lease 2 of environment e2e, but the environment has 1 (workers.count), {refused}",
        "*Set workers.count in the environment's file to as many test processes as run at a time, or run fewer (`-n 1`).",
    ):
        ran.stdout.fnmatch_lines([needs])


def test_the_last_lease_is_for_one_process_whichever_is_first(pytester, environment):
    environment(count=1)
    pytester.makepyfile(SHOW)
    ran = pytester.runpytest_subprocess("-n2", "--dist=each", "--tx=2*popen")
    ran.assert_outcomes(passed=12, errors=12)
    assert [lease for lease, _ in seen(pytester).values()] == [1]


def test_a_lease_that_another_run_uses_is_not_used_twice(pytester, environment):
    primary = environment(on_demand=1)
    primary.hold("envctl.worker-1")
    pytester.makepyfile(SHOW)
    pytester.runpytest_subprocess().assert_outcomes(passed=12)
    assert seen(pytester) == {"alone": [3, "worker_3"]}


def test_the_lease_in_the_variables_is_used_as_it_is(pytester, environment, monkeypatch):
    primary = environment()
    for name, value in primary.variables(2).items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(SHOW)
    pytester.runpytest_subprocess().assert_outcomes(passed=12)
    assert seen(pytester) == {"alone": [2, "worker_2"]}
    assert primary.asked_for("POST ") == []


def test_with_xdist_the_lease_in_the_variables_only_says_which_environment(pytester, environment, monkeypatch, project):
    primary = environment()
    for name, value in primary.variables(2).items():
        monkeypatch.setenv(name, value)
    inner = project / "inner"
    (inner / "environments").mkdir(parents=True)
    (inner / "pytest.ini").write_text("[pytest]\n")
    pytester.makepyfile(**{"inner/test_it": SHOW})
    pytester.runpytest_subprocess("-n2", "--dist=each", "--tx=2*popen", "inner").assert_outcomes(passed=24)
    assert sorted(lease for lease, _ in seen(pytester).values()) == [1, 2]


def test_a_run_inside_a_test_has_the_lease_of_that_test(pytester, environment):
    environment()
    pytester.makepyfile(
        test_outer="""
        import subprocess, sys

        def test_runs_another(envctl_lease, tmp_path):
            (tmp_path / "test_inner.py").write_text(
                f"def test_it(envctl_lease): assert envctl_lease.worker == {envctl_lease.worker}")
            subprocess.run([sys.executable, "-m", "pytest", tmp_path], check=True)
        """
    )
    pytester.runpytest_subprocess("-n2", "--dist=each", "--tx=2*popen").assert_outcomes(passed=2)


def test_the_variables_are_there_when_conftest_is_imported(pytester, environment):
    environment()
    pytester.makeconftest("import os\nDATABASE = os.environ['PGDATABASE']")
    pytester.makepyfile("import os, conftest\ndef test_it(): assert conftest.DATABASE == os.environ['PGDATABASE'] == 'worker_1'")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_no_variables_are_set_where_they_are_not_wanted(pytester, environment):
    environment()
    pytester.makeini("[pytest]\nenvctl_variables = false\n")
    pytester.makepyfile("import os\ndef test_it(envctl_lease): assert 'PGDATABASE' not in os.environ and envctl_lease.worker == 1")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_without_an_environment_only_tests_that_need_one_fail(pytester, project):
    pytester.makepyfile("def test_plain(): pass\ndef test_needs(envctl_database_url): pass")
    ran = pytester.runpytest_subprocess("--envctl-environment=staging")
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(
        [
            "*There is no environment to test with. Looked for",
            "*a lease in the variables (ENVCTL_WORKER, ENVCTL_TOKEN): not set",
            "*the folder in ENVCTL_DIRECTORY: not set",
            f"*.envctl/staging in {project} and above it: no leases there",
            "*Start one with `envctl up -e staging`, or let pytest do it: `--envctl-start staging`.",
        ]
    )


def test_one_that_is_gone_is_told_and_hurts_nobody_else(pytester, environment):
    environment().close()
    pytester.makepyfile("def test_plain(): pass\ndef test_needs(envctl_lease): pass")
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(["envctl: no lease: The environment's primary at http://127.0.0.1:* does not answer: *`envctl up`*"])


def test_one_that_is_not_ready_is_told(pytester, environment):
    primary = environment()
    (primary.directory / "environment.json").unlink()
    pytester.makepyfile("def test_needs(envctl_lease): pass")
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*Environment e2e is not ready: there is no *environment.json. `envctl status -e e2e` says why*"])


def test_the_plugin_may_come_by_conftest(pytester, environment, monkeypatch):
    environment()
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest("pytest_plugins = ['pytest_envctl.plugin']")
    pytester.makepyfile("import os\ndef test_it(envctl_lease): assert os.environ['PGDATABASE'] == 'worker_1'")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_variables_are_set_where_xdist_does_without_workers(pytester, environment):
    environment()
    pytester.makeconftest("def pytest_xdist_auto_num_workers(config): return 0")
    pytester.makepyfile("import os\ndef test_it(): assert os.environ['PGDATABASE'] == 'worker_1'")
    pytester.runpytest_subprocess("-n", "auto").assert_outcomes(passed=1)


def test_a_worker_that_replaces_a_dead_one_has_its_lease(pytester, environment):
    environment(on_demand=0)
    pytester.makepyfile(
        """
        import os, pathlib, pytest

        @pytest.mark.parametrize("turn", range(6))
        def test_it(envctl_lease, turn):
            if turn == 2:
                os._exit(1)
            pathlib.Path(f"{turn}.lease").write_text(str(envctl_lease.worker))
        """
    )
    pytester.runpytest_subprocess("-n2").assert_outcomes(passed=5, failed=1)
    assert {file.read_text() for file in pytester.path.glob("*.lease")} <= {"1", "2"}


def test_another_environment_than_that_of_the_variables_is_refused(pytester, environment, monkeypatch):
    primary = environment()
    for name, value in primary.variables(1).items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile("def test_it(envctl_lease): pass")
    ran = pytester.runpytest_subprocess("--envctl-environment=staging")
    assert ran.ret == 4
    ran.stderr.fnmatch_lines(["*Environment staging is asked for, but the variables of this process are of e2e: unset*"])
    pytester.runpytest_subprocess("--envctl-environment=e2e").assert_outcomes(passed=1)


def test_children_of_a_test_process_have_names_of_their_own(pytester, environment):
    environment()
    pytester.makepyfile(
        """
        import os

        def test_it(envctl_lease):
            mine = envctl_lease.next_test_id()
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, envctl_lease.next_test_id().encode())
                os._exit(0)
            os.wait()
            theirs = os.read(read, 100).decode()
            assert theirs != envctl_lease.next_test_id() and theirs.startswith(envctl_lease.test_id)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
