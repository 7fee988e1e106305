"""Calling what may never come back."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar, TypeVarTuple

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


def within(seconds: float, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """What `function` gives or raises. Raises TimeoutError if that takes longer than `seconds`.

    The call itself cannot be stopped and goes on: for processes that end soon, as those that read workbooks do.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function(*arguments))
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"more than {seconds} seconds")
    return results[0]
