"""Every process writes the same ids: each has a database of its own, fresh before each test."""

from __future__ import annotations

import os

import psycopg
import pytest


@pytest.mark.parametrize("number", range(1, 13))
def test_orders_have_the_same_ids_everywhere(database, number):
    database.execute("INSERT INTO orders SELECT id, 'book', %s FROM generate_series(1, 3) id", [number])
    orders = database.execute("SELECT id, quantity FROM orders WHERE item = 'book' ORDER BY id").fetchall()
    assert orders == [(1, number), (2, number), (3, number)]


def test_begins_with_what_the_schema_has(database):
    assert database.execute("SELECT id, item FROM orders").fetchall() == [(1000, "a sample")]


def test_may_truncate(database):
    database.execute("TRUNCATE orders")
    assert database.execute("SELECT count(*) FROM orders").fetchone() == (0,)


def test_may_change_the_schema(database):
    database.execute("ALTER TABLE orders DROP COLUMN quantity; CREATE EXTENSION IF NOT EXISTS plpgsql")
    database.execute("INSERT INTO orders VALUES (1, 'without a quantity')")


def test_a_wrong_order_is_refused(database):
    with pytest.raises(psycopg.errors.CheckViolation):
        database.execute("INSERT INTO orders VALUES (1, 'nothing', 0)")


def test_libpq_needs_no_address():
    with psycopg.connect("") as connection:
        assert connection.info.dbname == os.environ["PGDATABASE"]


def test_the_neighbours_database_is_closed(envctl_lease):
    neighbour = envctl_lease.worker % 4 + 1
    # For a moment nobody can connect, or there is none: while its owner has it reset.
    closed = "permission denied|not currently accepting connections|does not exist"
    with pytest.raises(psycopg.OperationalError, match=closed):
        psycopg.connect(envctl_lease.database_url, dbname=f"worker_{neighbour}")
