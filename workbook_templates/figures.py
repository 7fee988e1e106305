"""The figures in use: taizhang's own in figures.toml, and a county's, which add to them or replace one of the same id."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import ValidationError

from workbook_templates.errors import FormError, Mistake
from workbook_templates.figure import Check, Figure, FigureFile
from workbook_templates.figure_names import names_of
from workbook_templates.form import Form
from workbook_templates.form_file import FormFile, read_form_file
from workbook_templates.form_sayings import wrongs_of

STANDARD = files(__package__) / "figures.toml"
"""taizhang's own figures."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """Figures and checks by id, in the order of their files. `digest` changes with anything that is written in these."""

    figures: Mapping[str, Figure]
    checks: Mapping[str, Check]
    digest: str


def _read(path: Traversable) -> tuple[FormFile, FigureFile]:
    file = read_form_file(path)
    try:
        return file, FigureFile.model_validate(file.raw)
    except ValidationError as error:
        raise FormError([file.mistake(wrong) for wrong in wrongs_of(error, FigureFile)]) from error


def load_figures(forms: Mapping[str, Form], own: Iterable[Traversable] = ()) -> Definitions:
    """taizhang's figures and those in the files `own`, which win over others of the same id.

    Raises FormError naming each mistake with its file and line, and its cure.
    """
    paths = [STANDARD, *own]
    read = [_read(path) for path in paths]
    figures = {figure.id: figure for _, content in read for figure in content.figures}
    checks = {check.id: check for _, content in read for check in content.checks}
    mistakes: list[Mistake] = []
    for file, content in read:
        mistakes += map(file.mistake, names_of(content.figures, content.checks, figures, forms))
    if mistakes:
        raise FormError(mistakes)
    digest = hashlib.blake2b(b"\0".join(path.read_bytes() for path in paths), digest_size=16).hexdigest()
    return Definitions(figures, checks, digest)
