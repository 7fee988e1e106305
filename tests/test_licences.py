"""Everything that we are built on is listed with its licence."""

from pathlib import Path

from packaging.utils import canonicalize_name

from docs.licences import licences_page, pinned, runtime

ROOT = Path(__file__).parents[1]


def _rows() -> dict[str, list[str]]:
    lines = (ROOT / "docs" / "第三方许可.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row for row in cells if row[0] not in {"名称", "---"}}


def test_every_pinned_dependency_is_listed_with_its_version_and_a_licence() -> None:
    rows = _rows()
    assert [(name, version) for name, version in pinned() if rows.get(name, ["", ""])[1] != version] == []
    assert [name for name, row in rows.items() if not row[2]] == []


def test_the_one_part_that_is_not_free_for_companies_is_named() -> None:
    assert "PolyForm Noncommercial" in _rows()["xlwings"][3]


def test_nothing_under_the_gpl_alone_is_installed_at_a_county() -> None:
    copyleft = {
        canonicalize_name(name) for name, row in _rows().items() if row[2].startswith("GPL") or row[2] == "AGPL"
    }
    assert copyleft & runtime() == set()
    assert "pcodedmp" in copyleft


def test_the_page_says_what_is_needed_at_a_county_and_what_is_not() -> None:
    here, _, ours = licences_page().partition("## 只在开发")
    assert "| pydantic |" in here
    assert "| pytest |" in ours
