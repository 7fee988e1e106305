"""What is written in README and under docs/ says what the code says, and points to what is there."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer.main
from typer.core import TyperGroup
from typer.testing import CliRunner

from docs.pages import pages
from sync_service.cli import app

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
MANUALS = (*READMES, ROOT / "docs" / "填报手册.md", ROOT / "docs" / "管理手册.md")
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
MOST_BYTES = 150_000

_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.S | re.M)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|opt|srv|var)/|\\Users\\|localhost|127\.0\.0\.1")


def _commands(text: str) -> list[list[str]]:
    """Every `taizhang command …` that is set as code, in a span or on a line of a block: the command, then the other words."""
    lines = [line.removeprefix("$ ") for block in _FENCED.findall(text) for line in block.splitlines()]
    spans = lines + _SPAN.findall(_FENCED.sub("", text))
    words = [shlex.split(span, posix=False)[1:] for span in spans if re.match("taizhang [a-z]", span)]
    return [[" ".join(one[:2]), *one[2:]] if one[0] in _groups() else one for one in words]


def _groups() -> dict[str, TyperGroup]:
    """The commands of the program that are groups of commands."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {name: command for name, command in group.commands.items() if isinstance(command, TyperGroup)}


def _options() -> dict[str, set[str]]:
    """The options of each command of the program; one in a group goes by both names: forms check."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    commands = {name: command for name, command in group.commands.items() if name not in _groups()}
    commands |= {f"{name} {own}": one for name, inner in _groups().items() for own, one in inner.commands.items()}
    return {
        name: {o for p in command.params for o in p.opts if o[:2] == "--"} | {"--help"}
        for name, command in commands.items()
    }


def _targets(page: Path) -> list[Path]:
    """The files that a page links to or shows."""
    links = _LINK.findall(_FENCED.sub("", page.read_text("utf-8")))
    return [page.parent / unquote(link.partition("#")[0]) for link in links if "://" not in link and link[0] != "#"]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == pages()[path], "run make docs"


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_every_command_in_a_manual_exists_with_its_options(page: Path) -> None:
    options, named = _options(), _commands(page.read_text("utf-8"))
    wrong = [words for words in named if {w for w in words if w[:2] == "--"} - options.get(words[0], set())]
    assert not wrong
    assert {words[0] for words in named} <= set(options)


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_a_readme_names_every_command_and_every_option(page: Path) -> None:
    text = page.read_text("utf-8")
    assert {words[0] for words in _commands(text)} == set(_options())
    spans = " ".join(_SPAN.findall(text))
    assert {option for options in _options().values() for option in options} - {"--help"} <= set(spans.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [target for target in _targets(page) if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_somebodys_machine(page: Path) -> None:
    assert _MACHINE.findall(page.read_text("utf-8")) == []


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {target.resolve() for page in PAGES for target in _targets(page)}
    pictures = set(PICTURES.iterdir())
    assert pictures <= shown
    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_BYTES] == []


@pytest.mark.parametrize(("command", "section"), [("serve", "endpoint"), ("run", "service"), ("backup", "backup")])
def test_help_names_the_section_of_the_settings(command: str, section: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"])
    assert f"[{section}]" in told.stdout
