"""What must not run at the same time, in whatever process."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

PRINTER = Path(__file__).parent.parent / ".printer"


@pytest.mark.serial
@pytest.mark.parametrize("turn", range(6))
def test_one_serial_test_at_a_time(running, turn):
    for _ in range(5):
        assert list(running.parent.glob("serial-*")) == [running]
        time.sleep(0.01)


@pytest.mark.no_parallel
@pytest.mark.parametrize("turn", range(2))
def test_nothing_else_runs(running, turn):
    for _ in range(5):
        assert list(running.parent.iterdir()) == [running]
        time.sleep(0.01)


@pytest.mark.shared_resource("printer")
@pytest.mark.parametrize("turn", range(6))
def test_there_is_one_printer(turn):
    PRINTER.touch(exist_ok=False)  # Fails where it is there already.
    time.sleep(0.05)
    PRINTER.unlink()


@pytest.mark.shared_resource("printer", mode="shared")
@pytest.mark.parametrize("turn", range(4))
def test_many_may_look_at_it(turn):
    assert not PRINTER.exists()
