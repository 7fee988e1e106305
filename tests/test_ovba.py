"""The compression of VBA projects, against olevba's decompressor, xlwings' own containers and [MS-OVBA]'s examples."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.ovba import CHUNK, compress, decompress
from macros.vba import ADDIN, STANDALONE, TAKEN, _workbook
from tests.olevba import unpacked

SOURCES = st.lists(
    st.sampled_from(["    ", "\r\n", "Dim ", "row", "As Long", "End Sub", "'", "x", "sheet.Cells(at, 1).Value", "= 1"]),
    max_size=3000,
).map("".join)


@given(SOURCES)
def test_what_looks_like_source_comes_back_as_it_was(source: str) -> None:
    container = compress(source.encode())
    assert decompress(container) == source.encode()
    assert unpacked(container) == source.encode()


@given(st.binary(max_size=3600), st.integers(0, 2))
def test_content_without_repetition_comes_back_as_it_was(tail: bytes, chunks: int) -> None:
    content = Random(1).randbytes(chunks * CHUNK) + tail
    container = compress(content)
    assert decompress(container) == content
    assert unpacked(container) == content


@given(
    st.integers(0, 3 * CHUNK + 1),
    st.sampled_from([b"a", b"ab", b"abc", b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"]),
)
def test_repetition_of_any_length_comes_back_as_it_was(length: int, unit: bytes) -> None:
    content = (unit * (length // len(unit) + 1))[:length]
    assert decompress(compress(content)) == content
    assert unpacked(compress(content)) == content


EXAMPLES = {
    # [MS-OVBA] 3.2.1, 3.2.2 and 3.2.3
    b"abcdefghijklmnopqrstuv.": (
        "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"
    ),
    b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa": (
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70"
        " 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
    ),
    b"a" * 73: "01 03 B0 02 61 45 00",
}


@pytest.mark.parametrize("content", EXAMPLES, ids=["none", "normal", "maximum"])
def test_the_examples_of_the_specification_are_read(content: bytes) -> None:
    assert decompress(bytes.fromhex(EXAMPLES[content])) == content


@pytest.mark.parametrize("content", [b"abcdefghijklmnopqrstuv.", b"a" * 73], ids=["none", "maximum"])
def test_where_there_is_no_choice_the_examples_of_the_specification_are_written(content: bytes) -> None:
    assert compress(content) == bytes.fromhex(EXAMPLES[content])


@pytest.mark.parametrize(("workbook", "name"), [(book, name) for book, names in TAKEN.items() for name in names])
def test_containers_that_excel_made_are_read_as_olevba_reads_them(workbook: str, name: str) -> None:
    container = _workbook(workbook).container(name)
    assert decompress(container) == unpacked(container)
    assert len(compress(decompress(container))) <= len(container) * 1.02


def test_what_cannot_be_held_exactly_is_refused() -> None:
    with pytest.raises(ValueError, match="no exact form"):
        compress(Random(1).randbytes(CHUNK - 1))


def test_what_is_no_container_is_refused() -> None:
    with pytest.raises(ValueError, match="not a compressed container"):
        decompress(b"abc")


def test_both_workbooks_of_xlwings_are_there() -> None:
    assert {STANDALONE, ADDIN} == set(TAKEN)
