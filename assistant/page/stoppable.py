"""An iterator that can be stopped at once, however busy whoever makes its items is. Knows nothing of what they are."""

import threading
from collections.abc import Generator, Iterator
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
LOOK_SECONDS = 0.05  # between looks at whether to stop, while nothing comes


class _End:
    pass


def stoppable(items: Generator[Item, None, None] | Iterator[Item], stop: threading.Event) -> Iterator[Item]:
    """`items` as they come, until they end or `stop` is set; then the work ends with the item it is at.

    They are made in a thread of their own. What is raised there is raised here.
    """
    made: SimpleQueue[Item | BaseException | _End] = SimpleQueue()
    worker = threading.Thread(target=copy_context().run, args=(_make, items, stop, made), daemon=True)
    worker.start()
    try:
        while not stop.is_set():
            try:
                item = made.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            if isinstance(item, _End):
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()


def _make(items: Iterator[Item], stop: threading.Event, made: "SimpleQueue[Item | BaseException | _End]") -> None:
    try:
        for item in items:
            if stop.is_set():
                break
            made.put(item)
        made.put(_End())
    except BaseException as error:  # handed over to where the items are used
        made.put(error)
    finally:
        if isinstance(items, Generator):
            items.close()
