"""The page on connecting another place keeps its word."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_another_place_is_one_module_of_under_150_lines_and_the_page_shows_it() -> None:
    page = (ROOT / "docs" / "接入新来源.md").read_text("utf-8")
    example = ROOT / "tests" / "conformance" / "csv_service.py"
    assert example.relative_to(ROOT).as_posix() in page
    assert len(example.read_text("utf-8").splitlines()) < 150
    for word in ("Kind(server, CsvService.of)", "look_seconds", "quiet_seconds", "read_private", "STAGES"):
        assert word in page
