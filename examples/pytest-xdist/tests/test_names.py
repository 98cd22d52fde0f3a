"""Names and ports that nobody else has."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("turn", range(4))
def test_objects_begin_with_the_tests_id(database, envctl_test_id, envctl_lease, turn):
    database.execute("INSERT INTO orders VALUES (1, %s, 1)", [f"{envctl_test_id}-book"])
    (item,) = database.execute("SELECT item FROM orders WHERE id = 1").fetchone()
    assert item.startswith(envctl_lease.test_id + "-")


def test_servers_listen_on_ports_of_their_own(envctl_ports):
    for port in envctl_ports[:2]:
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_the_namespace_is_named_in_the_kubeconfig(envctl_kubeconfig, envctl_namespace):
    assert f"namespace: {envctl_namespace}" in envctl_kubeconfig.read_text().replace('"', "")
