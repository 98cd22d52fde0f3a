from __future__ import annotations

import json

STAMP = """
    import contextlib, os, time, pytest

    def stamp(kind, seconds=0.05):
        with open("stamps", "a") as file: file.write(f"{kind} begin {time.monotonic()}\\n")
        time.sleep(seconds)
        with open("stamps", "a") as file: file.write(f"{kind} end {time.monotonic()}\\n")
"""


def spans(pytester, kind):
    """Begin and end of each."""
    lines = [line.split() for line in (pytester.path / "stamps").read_text().splitlines()]
    begins = sorted(float(time) for of, what, time in lines if (of, what) == (kind, "begin"))
    ends = sorted(float(time) for of, what, time in lines if (of, what) == (kind, "end"))
    return list(zip(begins, ends))


def apart(spans):
    return all(one[1] <= next[0] for one, next in zip(spans, spans[1:]))


def locks(primary):
    return [one for one in primary.asked_for("POST /v1/locks/") if "envctl.worker" not in one]


def test_serial_tests_run_one_at_a_time_and_others_beside_them(pytester, environment):
    primary = environment(count=3)
    pytester.makepyfile(
        STAMP
        + """
    @pytest.mark.serial
    @pytest.mark.parametrize("number", range(9))
    def test_serial(number): stamp("serial")

    @pytest.mark.parametrize("number", range(9))
    def test_other(number): stamp("other", 0.1)
    """
    )
    pytester.runpytest_subprocess("-n3", "--dist=load", "--maxschedchunk=1").assert_outcomes(passed=18)
    serial, other = spans(pytester, "serial"), spans(pytester, "other")
    assert len(serial) == 9 and apart(serial)
    assert any(begin < end_of and begin_of < end for begin, end in serial for begin_of, end_of in other)
    assert len(locks(primary)) == 9
    assert all(one.startswith("POST /v1/locks/serial ") and '"mode": "exclusive"' in one for one in locks(primary))


def test_nothing_runs_beside_no_parallel(pytester, environment):
    environment(count=3)
    pytester.makepyfile(
        STAMP
        + """
    @pytest.mark.parametrize("number", range(12))
    def test_other(number): stamp("other")

    @pytest.mark.no_parallel
    @pytest.mark.parametrize("number", range(3))
    def test_alone(number): stamp("alone")
    """
    )
    pytester.runpytest_subprocess("-n3", "--dist=load", "--maxschedchunk=1").assert_outcomes(passed=15)
    alone, other = spans(pytester, "alone"), spans(pytester, "other")
    assert len(alone) == 3 and len(other) == 12
    assert not apart(other)
    assert all(end <= begin_of or end_of <= begin for begin, end in alone for begin_of, end_of in other)
    assert apart(alone)


def test_several_locks_are_taken_by_name_and_the_stronger_mode_counts(pytester, environment):
    primary = environment()
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.shared_resource("printer")

        @pytest.mark.shared_resource("scanner", mode="shared", timeout="5s")
        @pytest.mark.shared_resource("device")
        @pytest.mark.shared_resource("printer", mode="shared")
        @pytest.mark.serial
        def test_it(): pass
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
    asked = [(one.split()[1].rpartition("/")[2], json.loads(one.split(" ", 2)[2])) for one in locks(primary)]
    assert [(name, said["mode"], said["timeout"]) for name, said in asked] == [
        ("serial", "exclusive", "10m"),
        ("device", "exclusive", "10m"),
        ("printer", "exclusive", "10m"),
        ("scanner", "shared", "5s"),
    ]
    assert "test_it [pid " in asked[1][1]["holder"]


def test_held_while_fixtures_are_set_up_and_torn_down_and_given_back_after_failures(pytester, environment):
    primary = environment()
    pytester.makepyfile(
        """
        import json, pytest, urllib.request

        @pytest.fixture
        def device():
            yield
            raise RuntimeError("stuck")

        @pytest.mark.shared_resource("device")
        @pytest.mark.parametrize("number", range(3))
        def test_it(number, device): assert number != 1
        """
    )
    ran = pytester.runpytest_subprocess("-o", "envctl_lock_timeout=3s")
    ran.assert_outcomes(passed=2, failed=1, errors=3)
    ran.stdout.no_fnmatch_line("*was not free*")
    assert len(locks(primary)) == 3


def test_a_lock_that_is_not_free_in_time_is_told_with_its_holders(pytester, environment):
    primary = environment()
    primary.hold("device")
    pytester.makepyfile("import pytest\n@pytest.mark.shared_resource('device', timeout='1s')\ndef test_it(): pass")
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*Lock device was not free within 1s: it is held by envctl lock (worker 9, exclusive)*"])


def test_a_lock_that_was_lost_fails_the_test(pytester, environment):
    primary = environment()
    pytester.makepyfile(
        """
        import pathlib, pytest, time

        @pytest.mark.shared_resource("device")
        def test_it():
            pathlib.Path("runs").touch()
            while not pathlib.Path("over").exists(): time.sleep(0.01)
            time.sleep(0.3)
        """
    )
    import threading
    import time

    def end_it():
        while not (pytester.path / "runs").exists():
            time.sleep(0.01)
        primary.end()
        while primary.locks["device"].holders:
            time.sleep(0.01)
        (pytester.path / "over").touch()

    threading.Thread(target=end_it, daemon=True).start()
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(["*Lock device was lost while the test ran: the environment is removed. Another may have begun*"])


def test_a_skipped_test_waits_for_nothing(pytester, environment):
    primary = environment()
    pytester.makepyfile("import pytest\n@pytest.mark.serial\n@pytest.mark.skip\ndef test_it(): pass")
    pytester.runpytest_subprocess().assert_outcomes(skipped=1)
    assert locks(primary) == []


def test_a_marker_that_makes_no_sense_is_told(pytester, environment):
    environment()
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.shared_resource("device", mode="read")
        def test_mode(): pass

        @pytest.mark.shared_resource()
        def test_no_name(): pass

        @pytest.mark.shared_resource("device", colour="red")
        def test_keyword(): pass
        """
    )
    ran = pytester.runpytest_subprocess("--strict-markers")
    ran.assert_outcomes(errors=3)
    ran.stdout.fnmatch_lines(
        [
            "*the mode of shared_resource('device') is 'exclusive' or 'shared', not 'read'.",
            "*shared_resource needs a name of up to 63 letters*",
            "*shared_resource(name, mode, timeout) is wrongly used: *colour*",
        ]
    )


def test_without_an_environment_marked_tests_fail_and_others_run(pytester, project):
    pytester.makepyfile(
        """
        import pytest

        def test_plain(): pass

        @pytest.mark.no_parallel
        def test_marked(): pass
        """
    )
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(["*There is no environment to test with*"])
