from __future__ import annotations


def test_give_the_parts_of_the_lease(pytester, environment):
    environment()
    pytester.makepyfile(
        """
        import pathlib

        def test_it(envctl_lease, envctl_database_url, envctl_redis_url, envctl_kubeconfig, envctl_namespace, envctl_ports):
            assert envctl_database_url == envctl_lease.database_url
            assert envctl_redis_url == "redis://worker-1:secret@127.0.0.1:2/1"
            assert envctl_kubeconfig == pathlib.Path(envctl_lease.variables["KUBECONFIG"])
            assert envctl_namespace == "worker-1"
            assert list(envctl_ports)[0] == 15100
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_each_test_has_an_id_of_its_own(pytester, environment):
    environment()
    pytester.makepyfile(
        """
        import pathlib, pytest

        @pytest.fixture
        def order(envctl_test_id): return envctl_test_id

        @pytest.mark.parametrize("number", range(20))
        def test_it(number, order, envctl_test_id):
            assert order == envctl_test_id
            with open("ids", "a") as file: file.write(order + "\\n")
        """
    )
    pytester.runpytest_subprocess("-n2").assert_outcomes(passed=20)
    ids = (pytester.path / "ids").read_text().split()
    assert len(set(ids)) == 20
    assert {one.rpartition("-")[0] for one in ids} <= {"w1-00000001", "w2-00000002"}


def test_the_database_is_reset_before_each_test_that_asks_for_it(pytester, environment):
    primary = environment()
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test_it(number, envctl_clean_database): assert envctl_clean_database.endswith("/worker_1")

        def test_other(envctl_lease): pass
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=4)
    assert len(primary.asked_for("POST /v1/leases/1/reset?only=postgres")) == 3


def test_a_failure_says_whose_test_it_was(pytester, environment):
    environment()
    pytester.makepyfile("def test_it(envctl_test_id): assert False")
    ran = pytester.runpytest_subprocess("--junitxml=report.xml")
    ran.stdout.fnmatch_lines(["lease w1-00000001 of worker 1 (database worker_1, namespace worker-1), test id w1-00000001-1"])
    assert '<property name="envctl_lease" value="w1-00000001"' in (pytester.path / "report.xml").read_text()
