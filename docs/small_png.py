"""Writes a picture as a PNG of at most 256 colours, a third of the size that pdftoppm writes itself."""

import struct
import zlib
from collections import Counter
from pathlib import Path

_DROPPED = 3
"""Bits of each colour that are left out when shades are counted: no eye sees them in a picture of a spreadsheet."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _nearest(colour: int, palette: list[int]) -> int:
    parts = colour >> 16, colour >> 8 & 255, colour & 255

    def distance(index: int) -> int:
        other = palette[index]
        return sum((a - b) ** 2 for a, b in zip(parts, (other >> 16, other >> 8 & 255, other & 255), strict=True))

    return min(range(len(palette)), key=distance)


def small_png(ppm: bytes, target: Path) -> None:
    """Writes the picture `ppm` (binary, 8 bits a colour, as from pdftoppm) to `target`.

    Raises ValueError if `ppm` is of another kind, OSError if the file cannot be written.
    """
    kind, width, height, most = (ppm.split(maxsplit=4) + [b""] * 4)[:4]
    if (kind, most) != (b"P6", b"255"):
        raise ValueError("not a binary PPM picture of 8 bits")
    across = int(width)
    pixels = ppm[-3 * across * int(height) :]  # the first pixels may look like white space
    shades = [(r << 16 | g << 8 | b) for r, g, b in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)]
    exact: dict[int, Counter[int]] = {}
    for shade, count in Counter(shades).items():
        coarse = shade >> _DROPPED & 0x1F1F1F
        exact.setdefault(coarse, Counter())[shade] += count
    # Each group of like shades is shown as its commonest one, and rare groups as the nearest of the 256 commonest.
    ranked = sorted(exact.values(), key=lambda group: (-group.total(), min(group)))
    palette = [group.most_common(1)[0][0] for group in ranked[:256]]
    index = {shade: _nearest(shade, palette) for group in ranked for shade in group}
    lines = bytes(index[shade] for shade in shades)
    rows = b"".join(b"\0" + lines[at : at + across] for at in range(0, len(lines), across))
    header = struct.pack(">IIBBBBB", across, int(height), 8, 3, 0, 0, 0)
    colours = b"".join(shade.to_bytes(3, "big") for shade in palette)
    parts = _chunk(b"IHDR", header) + _chunk(b"PLTE", colours) + _chunk(b"IDAT", zlib.compress(rows, 9))
    target.write_bytes(b"\x89PNG\r\n\x1a\n" + parts + _chunk(b"IEND", b""))
