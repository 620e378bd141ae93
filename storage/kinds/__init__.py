"""The kinds of question, one alias each: the name in services.md (b) in CamelCase, as service files use them.

An alias carries its kind in the metadata of an `Annotated`; `KINDS` finds a kind by the name that programs use.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from storage.kinds.attachments import FileKind, FileRef, PhotoIdKind
from storage.kinds.choices import Choice, ChoiceKind, ChoicesKind, Option, Pick, Picks, Relic
from storage.kinds.cities import CityKind
from storage.kinds.contacts import EmailKind, PhoneKind
from storage.kinds.countries import CountryKind, NationalityKind
from storage.kinds.dates import DateKind, DateRangeKind, MonthKind, YearKind
from storage.kinds.documents import (
    HkMacaoOfficialPassKind,
    HkMacaoPassKind,
    HmHomePermitKind,
    HmtResidenceKind,
    OfficialPassportKind,
    PermResidentIdKind,
    PrcPassportKind,
    ResidentIdKind,
    TwPermitKind,
    UsccKind,
)
from storage.kinds.kind import (
    AskedBack,
    Context,
    Control,
    Kind,
    Offer,
    Problem,
    Reading,
    Refused,
    Taken,
    Unfit,
)
from storage.kinds.languages import LanguageKind, LanguagesKind
from storage.kinds.latin_names import NameLatinKind
from storage.kinds.machine_readable import MachineReadable, MrzKind
from storage.kinds.money import Money as Amount
from storage.kinds.money import MoneyKind
from storage.kinds.names import NamePinyinKind, NameZhKind
from storage.kinds.numbers import CountKind
from storage.kinds.organisations import Organisation as Body
from storage.kinds.organisations import OrganisationKind
from storage.kinds.persons import BirthDateKind, SexKind
from storage.kinds.places import AddressKind, DistrictKind, LocationKind
from storage.kinds.places import Location as Place
from storage.kinds.references import CaseRefKind
from storage.kinds.spans import DateRange as Span
from storage.kinds.text_lists import TextsKind
from storage.kinds.texts import TextKind
from storage.kinds.ticks import ConsentKind, NotSecretKind, SignatureKind, TruthKind
from storage.kinds.times import TimeKind
from storage.kinds.travel import AnyTravelDocKind, ForeignPassportKind, TravelDocument
from storage.kinds.yes_no import YesNoKind

# texts, dates, numbers, choices, ticks, files
Attachment = Annotated[tuple[FileRef, ...], FileKind()]
Consent = Annotated[bool, ConsentKind()]
Count = Annotated[int, CountKind()]
Date = Annotated[datetime.date, DateKind()]
DateRange = Annotated[Span, DateRangeKind()]
File = Attachment
Money = Annotated[Amount, MoneyKind()]
Month = Annotated[str, MonthKind()]
NotSecret = Annotated[bool, NotSecretKind()]
PhotoId = Annotated[tuple[FileRef, ...], PhotoIdKind()]
Signature = Annotated[bool, SignatureKind()]
Text = Annotated[str, TextKind()]
Texts = Annotated[tuple[str, ...], TextsKind()]
Time = Annotated[str, TimeKind()]
Truth = Annotated[bool, TruthKind()]
Year = Annotated[int, YearKind()]
YesNo = Annotated[bool, YesNoKind()]

# documents, people, places
Address = Annotated[str, AddressKind()]
AnyTravelDoc = Annotated[TravelDocument, AnyTravelDocKind()]
BirthDate = Annotated[datetime.date, BirthDateKind()]
CaseRef = Annotated[str, CaseRefKind()]
City = Annotated[str, CityKind()]
Country = Annotated[str, CountryKind()]
District = Annotated[str, DistrictKind()]
Email = Annotated[str, EmailKind()]
ForeignPassport = Annotated[str, ForeignPassportKind()]
HkMacaoOfficialPass = Annotated[str, HkMacaoOfficialPassKind()]
HkMacaoPass = Annotated[str, HkMacaoPassKind()]
HmHomePermit = Annotated[str, HmHomePermitKind()]
HmtResidence = Annotated[str, HmtResidenceKind()]
Language = Annotated[str, LanguageKind()]
Languages = Annotated[tuple[str, ...], LanguagesKind()]
Location = Annotated[Place, LocationKind()]
Mobile = Annotated[str, PhoneKind(sms=True)]
MrzTd3 = Annotated[MachineReadable, MrzKind()]
NameLatin = Annotated[str, NameLatinKind()]
NamePinyin = Annotated[str, NamePinyinKind()]
NameZh = Annotated[str, NameZhKind()]
Nationality = Annotated[str, NationalityKind()]
OfficialPassportNo = Annotated[str, OfficialPassportKind()]
Organisation = Annotated[Body, OrganisationKind()]
PermResidentId = Annotated[str, PermResidentIdKind()]
Phone = Annotated[str, PhoneKind()]
PrcPassport = Annotated[str, PrcPassportKind()]
ResidentId = Annotated[str, ResidentIdKind()]
Sex = Annotated[str, SexKind()]
State = Annotated[str, CountryKind(states_only=True)]
TwPermit = Annotated[str, TwPermitKind()]
Uscc = Annotated[str, UsccKind()]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # texts, dates, numbers, choices, ticks, files (choice and choices are a service's own)
        ConsentKind(),
        CountKind(),
        DateKind(),
        DateRangeKind(),
        FileKind(),
        MoneyKind(),
        MonthKind(),
        NotSecretKind(),
        PhotoIdKind(),
        SignatureKind(),
        TextKind(),
        TextsKind(),
        TimeKind(),
        TruthKind(),
        YearKind(),
        YesNoKind(),
        # documents, people, places
        AddressKind(),
        AnyTravelDocKind(),
        BirthDateKind(),
        CaseRefKind(),
        CityKind(),
        CountryKind(),
        DistrictKind(),
        EmailKind(),
        ForeignPassportKind(),
        HkMacaoOfficialPassKind(),
        HkMacaoPassKind(),
        HmHomePermitKind(),
        HmtResidenceKind(),
        LanguageKind(),
        LocationKind(),
        MrzKind(),
        NameLatinKind(),
        NamePinyinKind(),
        NameZhKind(),
        NationalityKind(),
        OfficialPassportKind(),
        OrganisationKind(),
        PermResidentIdKind(),
        PhoneKind(),
        PrcPassportKind(),
        ResidentIdKind(),
        SexKind(),
        TwPermitKind(),
        UsccKind(),
    )
}
"""Every kind that stands by itself, by its name; kinds are light, their libraries load when they first read."""

__all__ = [
    "KINDS",
    "Address",
    "Amount",
    "AnyTravelDoc",
    "AskedBack",
    "Attachment",
    "BirthDate",
    "Body",
    "CaseRef",
    "Choice",
    "ChoiceKind",
    "ChoicesKind",
    "City",
    "Consent",
    "Context",
    "Control",
    "Count",
    "Country",
    "Date",
    "DateRange",
    "District",
    "Email",
    "File",
    "FileRef",
    "ForeignPassport",
    "HkMacaoOfficialPass",
    "HkMacaoPass",
    "HmHomePermit",
    "HmtResidence",
    "Kind",
    "Language",
    "Languages",
    "Location",
    "MachineReadable",
    "Mobile",
    "Money",
    "Month",
    "MrzTd3",
    "NameLatin",
    "NamePinyin",
    "NameZh",
    "Nationality",
    "NotSecret",
    "Offer",
    "OfficialPassportNo",
    "Option",
    "Organisation",
    "PermResidentId",
    "Phone",
    "PhotoId",
    "Pick",
    "Picks",
    "Place",
    "PrcPassport",
    "Problem",
    "Reading",
    "Refused",
    "Relic",
    "ResidentId",
    "Sex",
    "Signature",
    "Span",
    "State",
    "Taken",
    "Text",
    "Texts",
    "Time",
    "TravelDocument",
    "Truth",
    "TwPermit",
    "Unfit",
    "Uscc",
    "Year",
    "YesNo",
]
