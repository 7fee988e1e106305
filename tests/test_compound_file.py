"""The compound files that we write, as olefile reads them and as [MS-CFB] lays them down."""

import struct
from io import BytesIO
from typing import Any

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.compound_file import MINI_LIMIT, MINI_SECTOR, SECTOR, Tree, compound_file

NOTHING, END, FREE, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
RED, BLACK = 0, 1
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/\\:!"), min_size=1, max_size=31)
SIZES = st.one_of(
    st.integers(0, 300),
    st.sampled_from([MINI_SECTOR, MINI_LIMIT - 1, MINI_LIMIT, MINI_LIMIT + 1, 3 * MINI_LIMIT, 70_000]),
)
COUNTED = bytes(range(251))
STREAMS = st.builds(lambda size, seed: (COUNTED * (size // 251 + 2))[seed : seed + size], SIZES, st.integers(0, 250))


def storages(children: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(NAMES, children, max_size=12).filter(
        lambda tree: len({n.upper() for n in tree}) == len(tree)
    )


TREES = storages(st.one_of(STREAMS, storages(STREAMS)))


def opened(data: bytes) -> olefile.OleFileIO:
    """The file as olefile reads it when it puts up with nothing that is not as the format wants it."""
    return olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


def read_back(file: olefile.OleFileIO, entry: Any) -> Any:
    if entry.entry_type == olefile.STGTY_STREAM:
        return file._open(entry.isectStart, entry.size).read()
    return {child.name: read_back(file, child) for child in entry.kids}


def number_table(data: bytes, first: int, last: int) -> list[int]:
    return list(struct.unpack_from(f"<{(last - first) // 4}I", data, first))


def chain(table: list[int], start: int) -> list[int]:
    sectors = []
    while start != END:
        assert start not in sectors
        sectors.append(start)
        start = table[start]
    return sectors


@given(TREES)
def test_every_stream_is_read_back_as_it_was(tree: Tree) -> None:
    with opened(compound_file(tree)) as file:
        assert read_back(file, file.root) == tree


@given(TREES)
def test_each_sector_belongs_to_one_chain_and_chains_are_as_long_as_their_streams(tree: Tree) -> None:
    data = compound_file(tree)
    assert len(data) % SECTOR == 0
    fat_count, directory, mini_start, mini_count = (struct.unpack_from("<I", data, at)[0] for at in (44, 48, 60, 64))
    fat_sectors = number_table(data, 76, 76 + 4 * fat_count)
    fat = [n for at in fat_sectors for n in number_table(data, (at + 1) * SECTOR, (at + 2) * SECTOR)]
    used = len(data) // SECTOR - 1
    assert all(entry == FREE for entry in fat[used:])
    assert all(fat[at] == FAT for at in fat_sectors)
    with opened(data) as file:
        entries = [entry for entry in file.direntries if entry]
        streams = [entry for entry in entries if entry.entry_type == olefile.STGTY_STREAM]
        large = [entry for entry in streams if entry.size >= MINI_LIMIT]
        small = [entry for entry in streams if entry.size < MINI_LIMIT]
        chains = [chain(fat, entry.isectStart) for entry in (*large, file.root)]
        assert [len(one) for one in chains] == [-(-entry.size // SECTOR) for entry in (*large, file.root)]
        mini = [n for at in chain(fat, mini_start) for n in number_table(data, (at + 1) * SECTOR, (at + 2) * SECTOR)]
        mini_chains = [chain(mini, entry.isectStart) for entry in small]
        assert [len(one) for one in mini_chains] == [-(-entry.size // MINI_SECTOR) for entry in small]
        assert sorted(at for one in mini_chains for at in one) == list(range(file.root.size // MINI_SECTOR))
    assert len(chain(fat, mini_start)) == mini_count
    chains += [chain(fat, directory), chain(fat, mini_start), fat_sectors]
    assert sorted(at for one in chains for at in one) == list(range(used))


def black_height(entries: list[Any], number: int, under_red: bool) -> tuple[int, list[str]]:
    """How many black entries lie on every way down, and the names in order; fails if it is no red-black tree."""
    if number == NOTHING:
        return 1, []
    entry = entries[number]
    red = entry.color == RED
    assert not (red and under_red)
    left, before = black_height(entries, entry.sid_left, red)
    right, after = black_height(entries, entry.sid_right, red)
    assert left == right
    return left + (not red), [*before, entry.name, *after]


@given(st.sets(NAMES, max_size=70).filter(lambda names: len({n.upper() for n in names}) == len(names)))
def test_the_entries_of_a_storage_are_a_red_black_tree_in_order(names: set[str]) -> None:
    with opened(compound_file(dict.fromkeys(names, b""))) as file:
        root = file.root.sid_child
        assert root == NOTHING or file.direntries[root].color == BLACK
        assert black_height(file.direntries, root, False)[1] == sorted(
            names, key=lambda name: (len(name), name.upper())
        )


@given(TREES)
def test_the_same_streams_give_the_same_bytes_in_whatever_order_they_are_told(tree: Tree) -> None:
    assert compound_file(dict(reversed([*tree.items()]))) == compound_file(tree)


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a:b", "名"])
def test_a_name_that_the_format_has_no_room_for_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a stream"):
        compound_file({name: b""})


def test_names_that_differ_in_case_only_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing but case"):
        compound_file({"dir": b"", "DIR": b""})


def test_more_than_the_header_can_list_is_refused_and_nearly_as_much_is_not() -> None:
    with opened(compound_file({"large": bytes(7_000_000)})) as file:
        assert file.get_size("large") == 7_000_000
    with pytest.raises(ValueError, match="small compound file"):
        compound_file({"large": bytes(7_200_000)})
