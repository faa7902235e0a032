"""Numbers, dates, units and what is denied, however they are written."""

from datetime import date
from fractions import Fraction

import pytest

from assistant.verifying.dates import Day
from assistant.verifying.facts import Facts, facts_of


def read(text: str, language: str | None = None, published: date | None = None) -> Facts:
    return facts_of(text, lambda word: word, language=language, published=published)


@pytest.mark.parametrize(
    ("writings", "value"),
    [
        (("1,000", "1000", "one thousand", "a thousand", "1\u202f000"), 1000),
        (("1.2 million", "1,200,000", "1200000"), 1_200_000),
        (("half a million", "500,000", "five hundred thousand"), 500_000),
        (("twenty-one", "21", "twenty one"), 21),
        (("one hundred and five", "105"), 105),
        (("nineteen eighty-four", "1984"), 1984),
        (("5½", "5.5"), Fraction(11, 2)),
        (("two-thirds", "two thirds of"), Fraction(2, 3)),
        (("a dozen", "12", "twelve"), 12),
        (("$5bn", "5 billion"), 5_000_000_000),
    ],
)
def test_a_number_is_the_same_however_it_is_written(writings: tuple[str, ...], value: object) -> None:
    for writing in writings:
        (quantity,) = read(f"about {writing} it is").quantities
        assert quantity.values == {Fraction(value)}, writing  # type: ignore[arg-type]


def test_figures_are_read_in_the_articles_language() -> None:
    assert read("1.284 Meter", "de").quantities[0].values == {Fraction(1284)}
    assert read("1.284 metres").quantities[0].values == {Fraction(1284, 1000)}
    assert read("3,5 Meter", "de").quantities[0].values == {Fraction(7, 2)}


def test_an_ordinal_is_no_count() -> None:
    (ordinal, also, count) = read("the 21st and the twenty-first of 21").quantities
    assert (ordinal.ordinal, also.ordinal, count.ordinal) == (True, True, False)
    assert ordinal.values == also.values == count.values


@pytest.mark.parametrize(
    ("writings", "unit"),
    [
        (("5 km", "5km", "five kilometres", "5 kilometers", "5-kilometre"), "kilometre"),
        (("5 %", "5%", "five percent", "5 per cent"), "percent"),
        (("5 percentage points",), "percentage_point"),
        (("$5", "5 dollars", "US$5", "5 USD"), "dollar"),
        (("5 km/h", "5 kilometres per hour", "5 kph"), "kilometre_per_hour"),
        (("5 square kilometres", "5 km²", "5 sq km"), "square_kilometre"),
        (("5 °C", "5 degrees Celsius"), "degree_celsius"),
    ],
)
def test_a_unit_is_the_same_however_it_is_written(writings: tuple[str, ...], unit: str) -> None:
    for writing in writings:
        assert read(f"it is {writing} here").quantities[0].unit == unit, writing


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert [each.unit for each in read("between 5 and 10 km, or 3–4 %").quantities] == [
        "kilometre", "kilometre", "percent", "percent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["on May 3, 2024", "on 3 May 2024", "on the 3rd of May 2024", "on 2024-05-03", "on May 3rd, 2024"]
)
def test_a_day_is_the_same_however_it_is_written(text: str) -> None:
    (day,) = read(text).days
    assert (day.year, day.month, day.day) == (2024, 5, 3)
    assert not read(text).quantities


def test_may_is_a_month_only_where_it_is_one() -> None:
    assert not read("It may open; the march went on.").days
    assert not read("May the best bridge win.").days
    assert read("It opened in May.").days[0].month == 5
    assert read("May is the month of bridges.").days[0].month == 5


def test_a_weekday_is_a_day_in_an_article_that_tells_its_own() -> None:
    thursday = date(2024, 5, 9)
    told, *meant = read("It opened on Tuesday.", published=thursday).days
    assert (told.weekday, told.day) == (1, None)
    assert {(each.month, each.day) for each in meant} == {(5, 7), (5, 14)}
    assert Day(2024, 5, 7, None, 0, 0).within(meant[0])
    assert read("It opened last year.", published=thursday).days[0].year == 2023


def test_what_a_negation_denies() -> None:
    def denied(text: str) -> list[str]:
        facts = read(text)
        return [facts.tokens[heads[0]].key for heads in facts.denied]

    assert denied("The bridge did not open.") == ["open"]
    assert denied("It didn't open, and nobody was hurt.") == ["open", "hurt"]
    assert denied("Neither Holm nor Berg came.") == ["holm", "berg"]
    assert denied("They failed to agree; they failed the test.") == ["agree"]
    assert denied("Not only cars use it.") == []


def test_quotations_and_addresses() -> None:
    facts = read('Holm said "it took nine years," and “that is long.” See https://example.org/a?b=c.')
    assert facts.quotations == ("it took nine years", "that is long")
    assert facts.addresses == ("https://example.org/a?b=c",)


def test_any_text_can_be_read() -> None:
    for text in (
        "",
        "…",
        "½½",
        "a",
        "1.2.3.4",
        "May",
        "$",
        "％５",
        "日本は三百人",
        "no",
        "١٢٣ كم",
        "-",
        "1" * 5000,
        "1.000" * 2000,
        f"2024-{'1' * 5000}-01",
    ):
        read(text)
