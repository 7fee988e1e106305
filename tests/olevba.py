"""olevba, which reads VBA projects, written by others from the specifications."""

import warnings
from collections.abc import Iterable

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it calls pyparsing by names of old
    from oletools.olevba import VBA_Parser, decompress_stream


def unpacked(container: bytes) -> bytes:
    """What a compressed container holds."""
    return bytes(decompress_stream(bytearray(container)))


def modules(project: bytes) -> dict[str, str]:
    """The source of each module of a vbaProject.bin, with line ends as Python has them."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    found: Iterable[tuple[str, str, str, str]] = parser.extract_macros()
    sources = {path.split("/")[-1]: source.replace("\r\n", "\n") for _, path, _, source in found}
    parser.close()
    return sources
