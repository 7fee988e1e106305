"""The names in a template: which figures it uses, and which names nobody knows, with those that were probably meant."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from rapidfuzz import fuzz, process

from sync_service.errors import TaizhangError
from sync_service.report.said import PARTS
from workbook_templates.figure import Figure

LIKE, MOST_LIKE = 60, 3
"""How alike names must be (of 100) to be offered instead of an unknown one, and how many are."""
_WIDE = re.compile(r"｛｛|｝｝|\{｛|｛\{|｛%|%｝")
_ZEROS = re.compile(r"(?<=[A-Z])0+(?=\d)")
_TAG = re.compile(r"<[^>]+>")
FUNCTIONS = ("chart", "bars")
"""Functions of the template that take the ids of figures."""


@dataclass(frozen=True, slots=True)
class Used:
    """The ids of the figures that a template uses, in the order in which they come, and the unknown names with what is near."""

    figures: Sequence[str]
    unknown: Mapping[str, Sequence[str]]


def environment() -> SandboxedEnvironment:
    """What a template runs in: it can read what it is given, and reach nothing else."""
    return SandboxedEnvironment(autoescape=True)


def sources(template: DocxTemplate) -> Iterator[str]:
    """The texts of a template in which names may stand: its body, then its headers and footers."""
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(part.blob.decode("utf-8"))


def _parts(figure: Figure) -> Sequence[str]:
    """What may follow the point after the figure's name: categories only where it has some, or the gap would never be filled."""
    return [part for part in PARTS if part != "by" or figure.by]


def _told(name: str, figures: Mapping[str, Figure]) -> str:
    return f"{name}（{figures[name].label}）" if name in figures else name


def _bare(name: str) -> str:
    """A name as it is compared: Q1 is Q01."""
    return _ZEROS.sub("", name.upper())


def _near(name: str, figures: Mapping[str, Figure], others: Collection[str]) -> list[str]:
    """The names that were probably meant, the likeliest first: by the name itself, or by what the figure is called."""
    said = {**{key: key for key in (*figures, *others)}, **{figure.label: key for key, figure in figures.items()}}
    found = process.extract(name, [*said], scorer=fuzz.WRatio, processor=_bare, score_cutoff=LIKE, limit=2 * MOST_LIKE)
    names = dict.fromkeys(said[text] for text, _, _ in found)
    return [_told(one, figures) for one in names][:MOST_LIKE]


def _taken(node: nodes.Node, given: Mapping[str, object]) -> Iterator[nodes.Node]:
    """The nodes of a template, without the branches that `given` rules out."""
    if isinstance(node, nodes.If) and isinstance(node.test, nodes.Name) and node.test.name in given:
        branch = node.body if given[node.test.name] else [*node.elif_, *node.else_]
        for one in branch:
            yield from _taken(one, given)
        return
    yield node
    for one in node.iter_child_nodes():
        yield from _taken(one, given)


def _asked(node: nodes.Node) -> Iterator[str]:
    """The names of figures that a node asks for: itself, or as a function's arguments."""
    if isinstance(node, nodes.Name):
        yield node.name
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS:
        yield from (str(one.value) for one in node.args if isinstance(one, nodes.Const))


def _parsed(source: str, name: str) -> tuple[nodes.Template, Collection[str]]:
    """A text of the template called `name`, parsed, and the names in it that it does not make itself."""
    if wide := _WIDE.search(source):
        near = _TAG.sub("", source[max(0, wide.start() - 200) : wide.end() + 200])
        place = near.find(wide[0])
        raise TaizhangError(
            f"“{name}”里有全角的花括号：{near[max(0, place - 10) : place + 20].strip()}", "请改成半角的 {{ 和 }}。"
        )
    try:
        tree = environment().parse(source)
        return tree, find_undeclared_variables(tree)
    except TemplateError as error:
        raise TaizhangError(
            f"“{name}”里花括号的写法不对：{error.message}",
            "每个名字写成 {{ Q01 }}；{%p if … %} 要有对应的 {%p endif %}。",
        ) from error


def names_in(template: DocxTemplate, name: str, figures: Mapping[str, Figure], given: Mapping[str, object]) -> Used:
    """What the template called `name` uses. `given` are the names that it may use besides those of figures.

    Raises TaizhangError if its braces cannot be read.
    """
    used: dict[str, None] = {}
    unknown: dict[str, Sequence[str]] = {}
    for source in sources(template):
        tree, loose = _parsed(source, name)
        for node in _taken(tree, given):
            for one in _asked(node):
                if one in figures:
                    used[one] = None
                elif one not in given and (one in loose or isinstance(node, nodes.Call)):
                    unknown[one] = _near(one, figures, given)
            match node:
                case nodes.Getattr(node=nodes.Name(name=figure), attr=part) if figure in figures:
                    parts = _parts(figures[figure])
                    if part not in parts:
                        near = [f"{figure}.{text}" for text, _, _ in process.extract(part, parts, limit=MOST_LIKE)]
                        unknown[f"{figure}.{part}"] = near
    return Used(tuple(used), unknown)
