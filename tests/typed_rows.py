"""Rows as clerks type them, right and wrong in known ways, for tests that compare the sheet's verdict with Python's."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from workbook_templates.cells import CellError, Raw
from workbook_templates.column import Column
from workbook_templates.kinds.base import Setting, from_serial
from workbook_templates.kinds.choices import Choice, writings
from workbook_templates.kinds.resident_id import born, check_digit, make_number
from workbook_templates.kinds.written_dates import iso_serial
from workbook_templates.place import County, Township

COUNTY = County("990101", "示例县", ("城关镇", "石桥镇", "双塔乡"))
TOWNSHIP = Township(COUNTY, "990101100", "城关镇", ("东风村", "红旗村", "向阳社区"))
BUREAU = Township(COUNTY, "990101000", "县局", ("城关镇东风村", "石桥镇红旗村"), "county")
Row = dict[str, Raw]

ANY: tuple[Raw, ...] = (None, "同上", "无", "/", "待补", "〃", CellError("#N/A"))
DATES: tuple[Raw, ...] = (
    "1995-03-12", "1995.3.12", "1995/3/12", "1995年3月12日", "1995年3月", "1995-3", "1995.3", "1995-03",
    "19950312", "199503", 33208, "33208", "95.3", "95.3.12", "95-03-12", "05年3月", "1995-13", "1995-02-30",
    "2000-02-29", "1995", "1995年", "春天", "2052-01-01", "2052-01", "0", "1899-01", "1926-12-31", "19951301", "199513",
    "1986.11至1990.3", "1986年11月-1990年3月", "1986-1990", "1995年3月12号", "1995.10", date(1995, 3, 12), date(1995, 3, 1), 7305, 60001, "约1970", "1986.11-1990.3",
)  # fmt: skip
NUMBERS: tuple[Raw, ...] = (19950312, 199503, 1995.3, 1990.1, 0)
WRITINGS: dict[str, tuple[Raw, ...]] = {
    "name": (
        "张三1", "张三、李四", "张三，李四", "张三/李四", "户主", "张", "张三(已故)", "张三（女）", "欧阳张王李赵钱", "张 三", "张　三",
        "买买提·艾合买提江", "买买提•艾合买提江", "Zhang San", "张Z", 12345, "张" * 26, "张" * 25, "合计",
        "张三 李四", "张三　李四", "欧阳 建国", "张 建 国", "张三 李 四", "张三夫妻", "妻子", "0", 0,
    ),
    "phone": (
        "12345678901", "1390000000", "139 0000 0000", "139-0000-0000", "+8613900000000", "8613900000000", "0555-1234567",
        "(0555)1234567", "（0555）1234567", "05551234567", "5551234", "1551234", "13900000000/13900000001", "1.39E+10", 13900000000,
        "13900000000、13900000001", "abc", "0555-123456", "139000000001",
        "4001234567", "8001234567", "12345", "95588", "23456", "13900000000 13900000001", "1390000000013900000001", "0", 0,
    ),
    "account": (
        "1234567", "12345678", "6217000000000000003", "6217000000000000004", "621700000000000000a", 6.217e18, "1" * 28, "1" * 29,
        "6217 0000 0000 0000 003", "6217-0000-0000-0000-003", "622202000000000", "6222020000000000", 12345678,
        "12345678/87654321", "12345678，87654321", "0", 0,
    ),
    "date": DATES, "pdate": DATES + NUMBERS, "month": DATES + NUMBERS,
    "year": (1990, "1990", "1990年", "90", "1990.5", 1949, 1950, "abc", 3000, "0", 0),
    "int": (0, 1, 8, 9, 24, 25, "3", "3个月", "3年", "3.5", 3.5, -1, "abc", "三"),
    "money": (
        0, 100, "100元", "1,200.00", "1，200", "￥100", "¥1,200元", "人民币100", "1.2万", "12万元", "abc", -5, "-5", 12.345, "12.345",
        "1200块", "1200元整", "1万2", "3万5千", 19999.99, 20000, 99999999, 100000000, -99999999, -100000000,
    ),
    "bool": ("是", "否", "√", "×", "Y", "n", 1, 0, "1", "已", "未", "无", "也许", "有"),
    "village": ("0", "东风", "东风村委会", "城关镇东风村", "向阳", "向阳社区", "向阳居", "不存在村"),
    "unit": ("0", "37001部队", "37001", "3700部队", "370011", "某集团军", 37001),
    "text": ("0", 0, "看守哨所的边防连", "肺癌晚期", "短", "一二三四五", "一二三四五六", "字" * 200, "字" * 201, "字" * 300, 123456, "4.10", "*", "a?c"),
}  # fmt: skip
WRITINGS["address"] = WRITINGS["text"]


def _age(today: date, years: int, days: int = 0) -> date:
    if (today.month, today.day) == (2, 29):
        today += timedelta(days=1)
    return today.replace(year=today.year - years) + timedelta(days=days)


def numbers(right: str, today: date) -> tuple[Raw, ...]:
    """An identity number in ways right and wrong."""
    last = "0123456789X".index(right[-1])
    area, birth = right[:6], born(right)
    made = [make_number(area, day, 321) for day in (_age(today, 17), _age(today, 17, 1), _age(today, 17, -1), today)]
    made += [make_number(area, day, 321) for day in (date(today.year - 115, 1, 1), date(today.year - 116, 12, 31))]
    made += [make_number(area, today + timedelta(days=1), 321), make_number(area, birth, 0)]
    made += [make_number("099901", birth, 321), make_number("110101", birth, 322)]
    made += [n for s in range(100, 1000, 100) for n in [make_number(area, birth, s)] if n[15:] in {"000", "00X"}]
    with_x = next(n for s in range(1, 99) if (n := make_number(area, date(1980, 5, 6), s)).endswith("X"))

    def checked(first: str) -> str:
        return first + check_digit(first)

    return (
        *made, checked(area + "19801306321"), checked(area + "19800230321"), checked(area + "00000000321"),
        right[:-1] + "0123456789X"[(last + 1) % 11], right[:17], right + "1", right[:6] + right[8:17], int(float(int(right[:17] + "0"))),
        right[:10] + "O" + right[11:], with_x, with_x.lower(), with_x[:-1] + "×", with_x[:-1] + "*", with_x[:-1] + "Х", right[:17] + "A",
        f"{right[:6]} {right[6:14]} {right[14:]}", f"{right[:6]}-{right[6:]}", f"{right}/{with_x}", right + with_x, f"{right}，{with_x}",
        f"{right}{right[:6]}{right[8:17]}", f"{right}/{right[:6]}{right[8:17]}", "E12345678", "0", 0, "军字第12345678号", "12345678", 12345678, 123456789012345,
    )  # fmt: skip


def bounds(column: Column, setting: Setting) -> Iterator[Raw]:
    """What is just inside and just outside of what the column's own settings allow."""
    low, high = (None if bound is None else int(bound) for bound in (column.low, column.high))
    ends = [(end, step) for end, step in ((low, -1), (high, 1)) if end is not None]
    today, earliest = setting.today, from_serial(iso_serial(column.earliest))
    match column.kind:
        case "int":
            yield from (number for end, step in ends for number in (end, end + step))
        case "money":
            yield from (number for end, step in ends for number in (end, end + step / 100, end - step / 100))
        case "id18" | "idold":
            for years in (end + (step > 0) for end, step in ends):
                yield from (make_number("990101", _age(today, years, days), 321) for days in (-1, 0, 1))
        case "text":
            yield from (str(text).ljust(column.min_length, "某") for text in WRITINGS["text"] if column.min_length)
            lengths = (column.min_length - 1, column.min_length, column.max_length, column.max_length + 1)
            yield from ("字" * length for length in lengths if length > 0)
        case "year":
            yield from (earliest.year - 1, earliest.year, *(today.year + n for n in (0, 1, 10, 11)))
        case "date" | "pdate" | "month":
            last = (today, today + timedelta(days=1), date(today.year + 1, 3, 2))
            for day in (earliest - timedelta(days=1), earliest, *last):
                yield from (day, day.isoformat(), day.isoformat()[:7])


def as_typed(column: Column, raw: Raw) -> Raw:
    """What a spreadsheet holds where `raw` was typed: a number becomes a moment in a date cell."""
    if column.kind == "date" and isinstance(raw, int | float):
        return datetime(1899, 12, 30) + timedelta(days=raw)
    return raw


def written_out(column: Column, value: str | int | float) -> tuple[Raw, ...]:
    """The comparable `value` of a column in the ways in which clerks write it."""
    if column.kind != "date":
        return (value, f"{value}")
    day = from_serial(float(value))
    return (day, day.isoformat(), *(day.strftime(way) for way in ("%Y.%m.%d", "%Y%m%d", "%y.%m.%d", "%Y-%m")))


def variations(column: Column, row: Row, setting: Setting) -> list[Raw]:
    """What may be found in a cell of the column; first what may be found anywhere."""
    return [as_typed(column, raw) for raw in (*ANY, *_writings(column, row, setting))]


def _writings(column: Column, row: Row, setting: Setting) -> Iterator[Raw]:
    yield from WRITINGS.get(column.kind, ())
    yield from bounds(column, setting)
    if column.kind in {"id18", "idold"}:
        right = str(row.get(column.id) or make_number("990101", date(1960, 5, 6), 123))
        yield from numbers(right, setting.today)
    if isinstance(column.of, Choice):
        offered = column.of.offered(column, setting)
        yield from (*offered[:4], f"{offered[0]}2次、{offered[-1]}" if column.kind == "multi" else "不存在的选项")
    if column.kind == "enum":
        assert isinstance(column.of, Choice)
        codes = column.of.codes(column)
        yield from [text for text in writings(codes) if text.isascii()][:3]
        yield from [*list(codes.aliases)[:5], *list(codes.ambiguous)[:2]]
        yield from [name.replace("(", "（").replace(")", "）") for name in codes.names if "(" in name][:2]


def sort(column: Column, *, bounded: bool = False) -> str:
    """What its kind and its settings make of the column: columns of one sort are judged alike, but for their bounds."""
    told = {"id", "header", "hint", "example", "width", "aliases", "missing", "error_from"}
    bounds = set() if bounded else {"earliest", "low", "high", "min_length", "max_length"}
    asked = {name: bool(getattr(column, name)) for name in ("required_when", "optional_when", "derive")}
    return repr(column.model_dump(exclude=told | bounds, exclude_defaults=True) | asked)
