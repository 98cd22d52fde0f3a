"""Every process writes the same keys: each has a Redis index of its own."""

from __future__ import annotations

import pytest
import redis


@pytest.fixture
def cart(cache):
    cache.flushdb()
    return "cart:1"


@pytest.mark.parametrize("items", range(1, 9))
def test_counts_only_its_own_items(cache, cart, items):
    for item in range(items):
        cache.rpush(cart, f"item-{item}")
    assert cache.llen(cart) == items
    assert cache.keys("*") == [cart]


def test_publishes_to_its_own_channels(cache, envctl_lease):
    with cache.pubsub() as subscriber:
        channel = f"envctl:worker-{envctl_lease.worker}:orders"
        subscriber.subscribe(channel)
        assert subscriber.get_message(timeout=5)["type"] == "subscribe"
        assert cache.publish(channel, "shipped") == 1


def test_the_other_indexes_are_closed(cache, envctl_redis_url):
    with redis.Redis.from_url(envctl_redis_url.rpartition("/")[0] + "/63") as other, pytest.raises(redis.RedisError):
        other.ping()
