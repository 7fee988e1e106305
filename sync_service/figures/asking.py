"""The figures of a county by its settings: which definitions are in use, which period, up to which day, as of which moment."""

from datetime import datetime, timedelta

from sync_service.asking import day_named
from sync_service.errors import TaizhangError
from sync_service.figures.counting import People
from sync_service.figures.figures import Figures, figures
from sync_service.figures.period import Period, Span, period_named
from sync_service.figures.sealing import sealed_before
from sync_service.moments import moment
from sync_service.review.people import who_is_who
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.errors import FormError
from workbook_templates.figures import Definitions, load_figures
from workbook_templates.form import Forms


def definitions_of(setup: CountySetup, forms: Forms) -> Definitions:
    """taizhang's figures and the county's own.

    Raises TaizhangError if the county's file is not there, or a definition in it cannot be used.
    """
    named = setup.settings.files.figures
    if not named:
        return load_figures(forms)
    path = setup.path(named).resolve()
    if not path.is_file():
        raise TaizhangError(
            f"找不到本县自己的统计指标文件“{named}”", "请建立这个文件，或改 county.toml 里的 figures；没有就留空。"
        )
    try:
        return load_figures(forms, [path])
    except FormError as error:
        raise TaizhangError(str(error), f"请改正“{path.name}”里的这几处，再运行一次。") from error


def span_of(setup: CountySetup, period: str, as_of: str, now: datetime) -> Span:
    """The period (by itself the one being collected), up to the day `as_of` and as the store stood at that day's end.

    Without `as_of`: up to the period's last day or today, as the store stands now. Raises TaizhangError if either is not
    understood, or the day lies before the period or after today.
    """
    wanted: Period = period_named(period or setup.settings.period)
    end = day_named(as_of) if as_of else now
    if wanted.first > now.date():
        raise TaizhangError(f"{wanted.name}还没有开始", "请用 --period 写已经开始的一期，例如 2026上半年。")
    if as_of and not wanted.first <= end.date() <= now.date():
        raise TaizhangError(
            f"--as-of {as_of} 不行", f"请写 {wanted.first} 到今天之间的一天；更早的日子请用 --period 换一期。"
        )
    return Span(wanted, min(end.date(), wanted.last), moment(min(end, now) + timedelta(seconds=1)))


def figures_of(setup: CountySetup, forms: Forms, store: Store, span: Span) -> Figures:
    """Every figure for a span, with the sealed values of earlier periods to compare with. Raises StoreError, TaizhangError.

    People whom the coordinator has said to be one, and those whose number was replaced, count once; those of whom she has not yet said
    it make figures uncertain.
    """
    earlier = (span.period.previous.name, span.period.year_before.name)
    definitions = definitions_of(setup, forms)
    who = who_is_who(store, forms, dialect=setup.settings.doubles.dialect)
    return figures(
        store,
        setup,
        forms,
        definitions,
        span,
        people=People(who.known, who.numbers),
        suspects=People(who.supposed, who.numbers),
        sealed=sealed_before(store, earlier),
    )
