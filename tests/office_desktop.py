"""The desktop of a running LibreOffice, for scripts that the system's python3 runs, which has `uno`.

That python has none of our dependencies, so only the standard library and `uno` are imported here.
"""

import time
from contextlib import suppress
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

WAIT = 40
"""How long LibreOffice may take to start, in seconds."""


def named(name: str, value: object) -> Any:
    """A PropertyValue, as UNO takes its named arguments."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop(pipe: str) -> Any:
    """The desktop of the LibreOffice that listens on `pipe`, waited for. Raises NoConnectException after WAIT seconds."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + WAIT
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def end(office: Any) -> None:
    """Ends LibreOffice by its desktop."""
    with suppress(DisposedException):  # it may be gone before it answers
        office.terminate()
