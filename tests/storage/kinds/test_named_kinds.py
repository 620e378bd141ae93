"""What holds for every document, name and place, whatever is typed."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import LANGUAGES, translate
from storage.conditions import Answers
from storage.kinds import KINDS, AskedBack, Context, Kind, MachineReadable, Refused, Taken
from storage.kinds.countries import NOT_STATES, CountryKind, _alpha3, countries
from storage.kinds.latin_names import in_zone
from storage.kinds.names import differs_from_pinyin

OTHERS = frozenset(
    {"text", "date", "date_range", "year", "month", "time", "money", "count", "yes_no", "file", "photo_id"}
    | {"signature", "consent", "not_secret", "truth"}
)
NAMED = tuple(kind for name, kind in KINDS.items() if name not in OTHERS)
SAMPLES = {
    "resident_id": "11010519491231002X",
    "hmt_residence": "810000199003070015",
    "uscc": "91110000600037341L",
    "prc_passport": "EF1260892",
    "official_passport_no": "PE1234567",
    "foreign_passport": "L898902C3",
    "hk_macao_pass": "C12345678",
    "hm_home_permit": "H12345678",
    "tw_permit": "12345678",
    "perm_resident_id": "921840198504120013",
}
ERIKSSON = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
NOW = Context(language="en", today=date(2026, 11, 24))

typed = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="0123456789XEGCHM <-–.·()（）：＜Ｅ１名姓護国@#+", max_size=60),
    st.sampled_from(
        [*SAMPLES.values(), ERIKSSON, "Anna Schmidt", "王芳", "德国", "+86 138 0013 8000", "a@b.de"]
    ),
).flatmap(lambda text: st.tuples(st.text(max_size=4), st.just(text), st.text(max_size=4)).map("".join))


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.name)
@given(text=typed, language=st.sampled_from(LANGUAGES), country=st.sampled_from([None, "CN", "DE", "TW"]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_has_one_of_three_outcomes(
    kind: Kind, text: str, language: str, country: str | None
) -> None:
    context = Context(language, NOW.today, country)
    reading = kind.read(text, context)
    if isinstance(reading, Refused):
        assert translate(reading.problem.message, language, **reading.problem.values)
        return
    values = reading.readings if isinstance(reading, AskedBack) else (reading.value,)
    assert values
    assert len(set(values)) == len(values)
    for value in values:
        assert kind.check(value, context) is None
        assert kind.load(kind.dump(value)) == value
        assert kind.show(value, language)


@pytest.mark.parametrize(("name", "number"), SAMPLES.items())
def test_forms_of_a_number_give_the_same_value(name: str, number: str) -> None:
    """services.md (g), law 10: full width, small letters, spaces and hyphens."""
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    forms = (number, number.lower(), wide, " ".join(number), f"{number[:4]}-{number[4:]}", f" {number}\n")
    assert unicodedata.normalize("NFKC", wide) == number
    assert {KINDS[name].read(form, NOW) for form in forms} == {Taken(number)}


@pytest.mark.parametrize(("name", "number"), SAMPLES.items())
def test_a_refusal_never_repeats_the_number(name: str, number: str) -> None:
    """services.md (g), law 6: an error may stand in a log or a notice."""
    for wrong in (number[:-1], number + "7", f"Q{number[1:]}", f"{number[:-1]}#"):
        reading = KINDS[name].read(f"no. {wrong}", NOW)
        if isinstance(reading, Refused):
            sentence = translate(reading.problem.message, "en", **reading.problem.values)
            assert wrong not in sentence.replace(KINDS[name].example, "")  # type: ignore[attr-defined]


def test_one_wrong_character_of_an_identity_number_is_always_found() -> None:
    """ISO 7064 MOD 11-2 finds every single slip."""
    right = SAMPLES["resident_id"]
    slips = (right[:place] + digit + right[place + 1 :] for place in range(17) for digit in "0123456789")
    for slip in slips:
        assert isinstance(KINDS["resident_id"].read(slip, NOW), Taken) == (slip == right)


def test_a_states_question_never_offers_or_takes_regions_of_china() -> None:
    """services.md (g), law 12."""
    states = CountryKind(states_only=True)
    assert len(NOT_STATES) == 3
    for language in LANGUAGES:
        context = Context(language, NOW.today)
        assert {offer.value for offer in states.options(context)} == countries() - NOT_STATES
        assert {offer.value for offer in CountryKind().options(context)} == countries()
    for text in ("Hong Kong", "澳门", "台湾", "TWN", "Taiwan, China"):
        assert isinstance(states.read(text, NOW), Refused)
        assert isinstance(CountryKind().read(text, NOW), Taken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_is_read_by_the_name_it_is_shown_by(language: str) -> None:
    for code in countries():
        shown = CountryKind().show(code, language)
        assert CountryKind().read(shown, Context(language)) == Taken(code), shown
        assert CountryKind().read(code, Context(language)) == Taken(code), code


def test_every_three_letter_code_is_read() -> None:
    assert len(_alpha3()) > 240
    for three, code in _alpha3().items():
        assert CountryKind().read(three, NOW) == Taken(code), three


def test_machine_readable_lines_say_what_icao_says_of_its_specimen() -> None:
    """ICAO Doc 9303-4, appendix A."""
    zone = KINDS["mrz_td3"].load(ERIKSSON)
    assert isinstance(zone, MachineReadable)
    assert (zone.surname, zone.given_names, zone.name) == ("ERIKSSON", "ANNA MARIA", "ERIKSSON, Anna Maria")
    assert (zone.number, zone.nationality, zone.issuer, zone.country) == ("L898902C3", "UTO", "UTO", None)
    assert (zone.birth(NOW.today), zone.sex, zone.expiry) == (date(1974, 8, 12), "F", date(2012, 4, 15))


def test_names_are_spelt_for_the_zone_as_icao_says() -> None:
    """ICAO Doc 9303-3, section 6."""
    assert [in_zone(name) for name in ("Müller", "Østergård", "Þór", "van der Berg", "O'Neil")] == [
        "MUELLER",
        "OESTERGAARD",
        "THOR",
        "VAN<DER<BERG",
        "ONEIL",
    ]


@pytest.mark.parametrize(
    ("name_zh", "pinyin", "differs"),
    [
        ("王芳", "WANG FANG", False),
        ("吕小明", "LYU XIAOMING", False),
        ("吕小明", "LU XIAOMING", True),
        ("吕小明", "LV XIAOMING", False),
        ("略女", "LYUE NYU", False),
        ("曾国", "ZENG GUO", False),
        ("单田芳", "Shan Tianfang", False),
        ("王芳", "WONG FONG", True),
        ("阿里木·买买提", "ALIMU MAIMAITI", False),
    ],
)
def test_a_spelling_that_differs_from_pinyin_is_noticed(name_zh: str, pinyin: str, differs: bool) -> None:
    assert differs_from_pinyin(name_zh, pinyin) is differs


def test_a_mobile_number_is_needed_where_a_message_may_be_sent() -> None:
    from storage.kinds.contacts import PhoneKind  # noqa: PLC0415

    assert isinstance(PhoneKind(sms=True).read("024-22728035", NOW), Refused)
    assert PhoneKind(sms=True).read("138 0013 8000", NOW) == Taken("+8613800138000")


def test_several_languages_are_read_in_the_order_they_are_named() -> None:
    from storage.kinds.languages import LanguagesKind  # noqa: PLC0415

    assert LanguagesKind().read("德语、英语和法语", NOW) == Taken(("de", "en", "fr"))
    assert LanguagesKind().read("German, Germn", NOW) == Taken(("de",), repaired=True)
    assert isinstance(LanguagesKind().read("German and Klingon", NOW), Refused)


def test_a_birth_date_is_the_one_in_the_number_beside_it() -> None:
    beside = Context(today=NOW.today, answers=Answers({"resident_id": SAMPLES["resident_id"]}))
    assert KINDS["birth_date"].read("1949-12-31", beside) == Taken(date(1949, 12, 31))
    assert isinstance(KINDS["birth_date"].read("1949-12-30", beside), Refused)
