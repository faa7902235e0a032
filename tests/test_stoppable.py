"""An iterator that can be stopped at once."""

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.page.stoppable import stoppable


def test_items_come_through_in_order() -> None:
    assert list(stoppable(iter(range(100)), threading.Event())) == list(range(100))


def test_what_is_raised_is_raised_where_the_items_are_used() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    items = stoppable(failing(), threading.Event())
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_stopping_does_not_wait_for_the_next_item_and_the_work_ends_with_it() -> None:
    stop, closed = threading.Event(), threading.Event()

    def slow() -> Iterator[int]:
        try:
            yield 1
            time.sleep(0.6)
            yield 2
            raise AssertionError("the work goes on")
        finally:
            closed.set()

    items = stoppable(slow(), stop)
    assert next(items) == 1
    threading.Timer(0.05, stop.set).start()
    begin = time.perf_counter()
    assert list(items) == []
    assert time.perf_counter() - begin < 0.5
    assert closed.wait(5)


def test_who_goes_away_stops_the_work() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
                time.sleep(0.01)
        finally:
            closed.set()

    items = stoppable(endless(), threading.Event())
    next(items)
    items.close()  # type: ignore[attr-defined]
    assert closed.wait(5)
