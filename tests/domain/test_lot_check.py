"""Bar codes and dates typed for a lot number: what leads on, and what is never told to be safe."""

import time
from datetime import date

import pytest

from domain.lot_check import LotAnswer, LotVerdict, index_of
from domain.pack_marks import NO_MARKS, marks_of, ways_to_write

OURS, CARTON, UPC, EIGHT = "9521000000100", "19521000000107", "614141000036", "96385074"
"""The pack of a product, its carton, and codes of other packs of the same product."""
OTHER = "4006381333931"
MARKS = marks_of(
    [OURS, UPC, EIGHT, "9521000000101"],
    every_code=True,
    dated=[("A2602", date(2029, 3, 16)), ("A2603", date(2029, 3, 16)), ("B7", date(2029, 4, 1))],
)
INDEX = index_of(["A2602", "A2603", "B7", "20260501"], marks=MARKS)
LOTS = "A2602, A2603"


@pytest.mark.parametrize(
    ("typed", "verdict", "lot"),
    [
        ("A2602", "affected", "A2602"),
        ("20260501", "affected", "20260501"),
        (f"(01){OURS}(10)A2602", "affected", "A2602"),
        (OURS, "product_concerned", ""),
        ("9 521000 000100", "product_concerned", ""),
        ("EAN 9521000000100", "product_concerned", ""),
        (CARTON, "product_concerned", ""),
        (UPC, "product_concerned", ""),
        ("0614141000036", "product_concerned", ""),
        (EIGHT, "product_concerned", ""),
        (OTHER, "other_code", ""),
        ("9521000000101", "lot_needed", ""),
        ("952100000010", "lot_needed", ""),
        ("2029-03-16", "lots_of_date", LOTS),
        ("16.03.2029", "lots_of_date", LOTS),
        ("03/16/2029", "lots_of_date", LOTS),
        ("2029年3月16日", "lots_of_date", LOTS),
        ("EXP 20290316", "lots_of_date", LOTS),
        ("限期使用日期 2029/03/16", "lots_of_date", LOTS),
        ("16.03.29", "lots_of_date", LOTS),
        ("03/2029", "lots_of_date", LOTS),
        ("２０２９０３１６", "lots_of_date", LOTS),
        ("2027-01", "lot_needed", ""),
        ("20270131", "lot_needed", ""),
        ("31.01.2027", "lot_needed", ""),
        ("31 JAN 2027", "lot_needed", ""),
        ("Jan 27", "lot_needed", ""),
        ("MFG 2026-03-16 EXP 2029-03-16", "lot_needed", ""),
        (f"{OTHER} EXP 2027-01", "lot_needed", ""),
        ("B9 EXP 2029-03-16", "not_on_the_list", ""),
        (f"{OURS} B9", "not_on_the_list", ""),
        ("B9", "not_on_the_list", ""),
        ("123456", "not_on_the_list", ""),
    ],
)  # fmt: skip
def test_what_stands_beside_the_lot_number(typed: str, verdict: str, lot: str) -> None:
    assert INDEX.check(typed) == LotAnswer(LotVerdict(verdict), lot)


JANUARY = index_of(
    ["A2602", "0012345", "DC-2603A"],
    marks=marks_of([OURS], every_code=True, dated=[("A2602", date(2027, 1, 5))]),
)


NEVER_SAFE = (
    ("A٢٦٠٢", "affected"),
    ("A२६०२", "affected"),
    ("Α2602", "nearly"),
    ("А2602", "nearly"),
    ("DС-26ОЗA", "nearly"),
    ("A26Ø2", "nearly"),
    ("LOT Α2602", "nearly"),
    ("]d2010690123456789210A2602", "affected"),
    ("]d201069012345678921727013110A2602\x1d21XYZ", "affected"),
    ("]C1010690123456789210DC-2603A", "affected"),
    ("]d2010690123456789221XYZ\x1d10A2602", "affected"),
    ("010690123456789210A260217270131", "affected"),
    ("010690123456789210A260221XYZ", "affected"),
    (f"]d2010{OURS}10B9", "not_on_the_list"),
    (f"]d2010{OURS}17270131", "product_concerned"),
    (f"(01)0{OURS}", "product_concerned"),
    (f"]d2010{OTHER}", "other_code"),
    ("]d2010690123456789121XYZ", "lot_needed"),
    ("]d2B9", "lot_needed"),
    ("A2602EXP0127", "affected"),
    ("A2602EXP20270131MFG2026", "affected"),
    ("EXP0127LOTA2602", "affected"),
    ("LotNrA2602", "affected"),
    ("Lot No.A2602", "affected"),
    ("BATCHNUMBERDC2603A", "affected"),
    ("12345", "nearly"),
    ("0000012345", "nearly"),
    ("OO12345", "nearly"),
    ("01.27", "lots_of_date"),
    ("1/27", "lots_of_date"),
    ("MHD 01.27", "lots_of_date"),
    ("EXP 01 27", "lots_of_date"),
    ("EXP0127", "lots_of_date"),
    ("Jänner 27", "lots_of_date"),
    ("JANV. 27", "lots_of_date"),
    ("5JAN27", "lots_of_date"),
    ("5. Januar 2027", "lots_of_date"),
    ("民國116年1月", "lots_of_date"),
    ("令和9年1月5日", "lots_of_date"),
    ("2027년 1월 5일", "lots_of_date"),
    ("2027/01/05 12:30", "lots_of_date"),
    ("05/01/27 08:15:00", "lots_of_date"),
    ("02.27", "lot_needed"),
    ("2/27", "lot_needed"),
    ("MHD 02.27", "lot_needed"),
    ("EXP 02 27", "lot_needed"),
    ("EXP0227", "lot_needed"),
    ("EXP: 2702", "lot_needed"),
    ("DEZ 27", "lot_needed"),
    ("15 MAI 2027", "lot_needed"),
    ("févr. 2027", "lot_needed"),
    ("31-DÉC-27", "lot_needed"),
    ("民國116年2月", "lot_needed"),
    ("116/02/05", "lot_needed"),
    ("2027년 2월 5일", "lot_needed"),
    ("2027/02/05 12:30", "lot_needed"),
    ("2027. 2. 5.", "lot_needed"),
    ("(17)270205", "lot_needed"),
    ("270205", "lot_needed"),
    ("0227", "lot_needed"),
    ("2012345000001", "lot_needed"),
    ("02012346", "lot_needed"),
    ("20123451", "lot_needed"),
    ("201234500001", "lot_needed"),
    ("B9EXP0227", "not_on_the_list"),
    ("B9", "not_on_the_list"),
)
"""What was once told to be on no list, or none of the products; held against the script too."""


@pytest.mark.parametrize(("typed", "verdict"), NEVER_SAFE)
def test_nothing_affected_and_nothing_that_is_no_lot_is_told_to_be_off_the_list(
    typed: str, verdict: str
) -> None:
    assert JANUARY.check(typed).verdict == verdict


@pytest.mark.parametrize("typed", [OURS, OTHER, "2029-03-16", "31.01.2027"])
def test_where_the_house_knows_no_codes_or_dates_the_lot_is_asked_for(typed: str) -> None:
    assert index_of(["A2602"], marks=NO_MARKS).check(typed).verdict is LotVerdict.LOT_NEEDED


def test_a_code_is_of_another_product_only_where_every_code_is_listed() -> None:
    partly = marks_of([OURS], every_code=False, dated=[])
    assert index_of(["A2602"], marks=partly).check(OTHER).verdict is LotVerdict.LOT_NEEDED


def test_where_every_lot_counts_no_code_says_otherwise() -> None:
    index = index_of([], unbounded=True, marks=MARKS)
    assert {index.check(each).verdict for each in (OURS, OTHER, "B9", "2029-03")} == {
        LotVerdict.ALL_AFFECTED
    }


def test_lots_that_look_alike_are_named_the_same_in_whatever_order() -> None:
    one, other = index_of(["AO1", "A01", "A-1"]), index_of(["A-1", "A01", "AO1"])
    assert one == other


def test_of_many_lots_of_a_date_some_are_named() -> None:
    marks = marks_of([], every_code=False, dated=[(f"L{n}", date(2029, 3, 16)) for n in range(9)])
    assert marks.by_date["20290316"] == "L0, L1, L2, L3, L4, …"
    assert len(ways_to_write(date(2029, 3, 16))) == 18


SERIAL = index_of(["DC26031", "DC26041", "DC26051", "DC26061", "A2602", "K-4471", "ABCD", "270131"])


@pytest.mark.parametrize(
    ("typed", "verdict", "lot"),
    [
        ("DC2603", "near", "DC26031"),
        ("DC2603l1", "near", "DC26031"),
        ("DC26032", "near", "DC26031"),
        ("DC26013", "near", "DC26031"),
        ("DC62031", "near", "DC26031"),
        ("C26031", "near", "DC26031"),
        ("DC260I1", "near", "DC26031, DC26041, DC26051"),
        ("A2602L", "near", "A2602"),
        ("LOT A2602K", "near", "A2602"),
        ("批号 A260", "near", "A2602"),
        ("A2602270131", "near", "A2602"),
        ("A260220270131", "near", "A2602"),
        ("0127A2602", "near", "A2602"),
        ("dc26O31270131", "near", "DC26031"),
        ("270132", "near", "270131"),
        ("27-02-01", "lot_needed", ""),
        ("Á26O2", "nearly", "A2602"),
        ("K-4471é", "near", "K-4471"),
        ("Ｋ－４４７", "near", "K-4471"),
        ("ABCE", "near", "ABCD"),
        ("K-447", "near", "K-4471"),
        ("QX9913", "not_on_the_list", ""),
        ("447", "not_on_the_list", ""),
        ("hello", "no_number", ""),
        ("is my cream affected?", "no_number", ""),
        ("面霜", "no_number", ""),
        ("Lot", "no_number", ""),
    ],
)
def test_what_is_near_is_a_third_answer(typed: str, verdict: str, lot: str) -> None:
    assert SERIAL.check(typed) == LotAnswer(LotVerdict(verdict), lot)


@pytest.mark.parametrize("typed", ["LOT0123456X7", "L0T 00999-99 EXP 2029-03", "X" * 60, "1 " * 30])
def test_a_hundred_thousand_lots_make_nobody_wait(typed: str) -> None:
    index = index_of(f"LOT{number:07}" for number in range(100_000))
    took = []
    for _ in range(5):
        began = time.perf_counter()
        index.check(typed)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.02
