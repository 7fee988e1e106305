"""Takes the picture of the check page under docs/pictures: python -m docs.page_picture. Needs chromium-driver.

The people in it are invented.
"""

import tempfile
from pathlib import Path

from docs.pictures import HERE
from tests.browser import browser
from tests.county import make_county, number, veteran, workbook
from tests.drawn import write_xlsx
from tests.endpoint import served

TOWNSHIP = "城关镇"
WIDTH, HEIGHT = 820, 1290
ROWS = (
    veteran(0),
    veteran(1, phone="1390000"),
    veteran(2, phone="1390001"),
    veteran(3, discharge_date="2010-12"),
    veteran(4, id_number=number(4)[:-1]),
    veteran(5, enlist_date="85年冬"),
)
"""The veterans of the workbook in the picture."""


def main() -> None:
    """Serves a county, has a workbook checked in a browser, and writes the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = write_xlsx(folder / f"{TOWNSHIP}.xlsx", workbook(TOWNSHIP, list(ROWS)))
        with served(make_county(folder / "county")) as running, browser(WIDTH, HEIGHT) as window:
            window.open(running.url)
            window.type("#token", running.tokens[TOWNSHIP])
            window.type("#file", str(book))
            window.until("#says", "查好了")
            window.run("window.scrollTo(0, 0); document.activeElement.blur()")
            (HERE / "check_page.png").write_bytes(window.picture())


if __name__ == "__main__":
    main()
