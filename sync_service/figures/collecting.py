"""Reading many rows without looking for garbage meanwhile."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Puts off Python's search for objects that keep each other alive.

    Millions of lists come and go while rows are read, none of them in a circle: the search would take as long as all the rest.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
