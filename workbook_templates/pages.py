"""Every page that is made from the forms, by its file name."""

from collections.abc import Mapping

from workbook_templates.datapackage import data_package
from workbook_templates.form import Forms
from workbook_templates.problem_pages import problem_list
from workbook_templates.reference import data_dictionary


def pages(forms: Forms) -> Mapping[str, str]:
    """The data dictionary and the list of problems in Markdown, and the data package in JSON."""
    return {
        "数据字典.md": data_dictionary(forms),
        "问题目录.md": problem_list(forms),
        "datapackage.json": data_package(forms),
    }
