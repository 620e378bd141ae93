"""E-mail addresses as people type, dictate and misspell them; what had to be mended is asked back, never taken."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from locales import N_
from storage.kinds.kind import AskedBack, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original

_READ = 600
"""Characters in which an address is sought."""
_EXAMPLE = {"example": "anna@example.com"}
# fmt: off
_MAIL_HOSTS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "mail.com", "email.com", "proton.me", "protonmail.com", "pm.me",
    "zoho.com", "fastmail.com", "qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net",
    "vip.163.com", "sina.com", "sina.cn", "sohu.com", "139.com", "189.cn", "aliyun.com", "21cn.com", "tom.com",
    "naver.com", "hanmail.net", "daum.net", "nate.com", "kakao.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp",
    "softbank.ne.jp", "mail.ru", "yandex.ru", "ya.ru", "rambler.ru", "bk.ru", "list.ru", "inbox.ru", "gmx.de",
    "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "hotmail.fr", "yahoo.fr", "outlook.fr", "yahoo.de",
    "hotmail.de", "outlook.de", "yahoo.co.uk", "hotmail.co.uk", "btinternet.com", "yahoo.com.hk", "yahoo.com.tw",
    "comcast.net", "verizon.net", "gmx.com", "hey.com", "seznam.cz", "libero.it", "wp.pl", "o2.pl", "ukr.net",
})
_TAILS = {
    "con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "clm": "com", "cim": "com",
    "coom": "com", "ccom": "com", "conm": "com", "kom": "com", "om": "com", "cpm": "com", "dom": "com",
    "c0m": "com", "nte": "net", "ent": "net", "met": "net", "rog": "org", "ogr": "org", "cnn": "cn", "cnm": "cn",
    "dee": "de", "rru": "ru",
}
# fmt: on
"""Ends that no registry has, and the one that was meant."""
_AT_WORDS = "at|ät|\u0441\u043e\u0431\u0430\u043a\u0430|arobase|アットマーク|アット|골뱅이|艾特|圈a"
_DOT_WORDS = "dot|punkt|point|\u0442\u043e\u0447\u043a\u0430|点|點|ドット|점"
_AT = re.compile(
    rf"\s*(?:[(\[{{<（【]\s*(?:{_AT_WORDS}|@)\s*[)\]}}>）】]|(?<=\s)(?:{_AT_WORDS})(?=\s)|艾特|圈a|アットマーク|골뱅이)\s*",
    re.IGNORECASE,
)
_DOT = re.compile(
    rf"\s*(?:[(\[{{（【]\s*(?:{_DOT_WORDS})\s*[)\]}}）】]|(?<=\s)(?:{_DOT_WORDS})(?=\s)|(?<=[a-z0-9])(?:点|點|ドット|점)(?=[a-z]))\s*",
    re.IGNORECASE,
)
_IN_PHRASE = re.compile(
    r"[^\s@<>()\[\]{},;:：，；。、！？\"“”「」]+@[^\s@<>()\[\]{},;:：，；。、！？\"“”「」]+"
)
_LEAD = re.compile(
    r"^(?:mailto:|e-?mail|mail|邮箱|郵箱|电子邮件|电邮|メール|이메일|почта|адрес)\s*[:：是は]?\s*(?=\S)",
    re.IGNORECASE,
)


def read_address(text: str) -> Reading:
    """One address in the text; mended ones, and near misses of large mail hosts, are asked back."""
    line = " ".join(unicodedata.normalize("NFKC", original(text[:_READ])).split())
    found = tuple(dict.fromkeys(_clean(match) for match in _IN_PHRASE.findall(line)))
    right = tuple(address for address in map(_normal, found) if address)
    if len(right) > 1:
        return AskedBack(right)
    spaced = re.search(r"\s@|@\s|@\S*\s+\.|@\S*\.\s+\w{2,4}$", line)
    if right and not spaced:
        likelier = _likelier(right[0]) or _torn(line, right[0])
        return (
            AskedBack((likelier, right[0]))
            if likelier
            else Taken(right[0], repaired=line != original(text[:_READ]))
        )
    mended = _mended(line)
    return AskedBack(mended) if mended else Refused(_problem(line, found))


def _normal(address: str) -> str | None:
    """The address with its domain in lower case and Unicode, or None."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # 65 ms to import

    try:
        checked = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return (
        checked.normalized
        if len(checked.normalized) <= 254 and re.search(r"\.[^.]{2,}$", checked.domain)
        else None
    )


def _clean(match: str) -> str:
    """Without what stands around it: "my mail is anna@example.com." """
    return _LEAD.sub("", match).strip("'`*_!?…").rstrip(".")


def _likelier(address: str) -> str | None:
    """The address at the large mail host that this one is a slip of, if any."""
    local, _, domain = address.rpartition("@")
    better = _better_domain(domain)
    return f"{local}@{better}" if better and better != domain else None


def _torn(line: str, address: str) -> str | None:
    """ "an na@example.com": one piece that is no word of address before it may belong to it."""
    before = re.fullmatch(r"([A-Za-z0-9._-]{1,20}) \S+", line)
    if before is None or before[1].lower() in _WORDS_BEFORE:
        return None
    return _normal(f"{before[1]}{address}")


_WORDS_BEFORE = frozenset(
    {"mail", "email", "e-mail", "is", "to", "address", "adresse", "mailto", "courriel", "contact"}
)


@cache
def _better_domain(domain: str) -> str | None:
    if domain in _MAIL_HOSTS:
        return None
    stem, _, tail = domain.rpartition(".")
    mended = f"{stem}.{_TAILS[tail]}" if tail in _TAILS else domain
    if mended in _MAIL_HOSTS:
        return mended
    from rapidfuzz.distance import OSA  # noqa: PLC0415  # only for hosts not known

    kin = [
        host
        for host in _MAIL_HOSTS
        if host.rpartition(".")[0] == stem and OSA.distance(tail, host.rpartition(".")[2]) == 1
    ]
    if len(kin) == 1:
        return kin[0]
    near = sorted(
        (OSA.distance(mended, host), host) for host in _MAIL_HOSTS if len(host) > 6 and host[0] == mended[0]
    )
    allowed = 2 if len(mended) > 9 else 1
    if near and near[0][0] <= allowed and _same_tail(mended, near[0][1]):
        return near[0][1]
    return mended if mended != domain else None


def _same_tail(domain: str, host: str) -> bool:
    """Another country's end is another host (gmail.co.uk is not a slip of gmail.com), one letter off is a slip."""
    ours, theirs = domain.rpartition(".")[2], host.rpartition(".")[2]
    return ours == theirs or (
        len(ours) == 2 and ours in ("co", "cm") and theirs == "com" and domain.count(".") == 1
    )


def _mended(line: str) -> tuple[str, ...]:
    """What the line most likely stands for: words for @ and dot, spaces, commas and double signs mended."""
    text = _LEAD.sub("", _DOT.sub(".", _AT.sub("@", f" {line} "))).strip(" .,;")
    text = re.sub(r"[。．]", ".", re.sub(r"@{2,}", "@", text.replace("#", "@") if "@" not in text else text))
    text = re.sub(r"\s*([@.])\s*", r"\1", text)
    local, at, domain = text.partition("@")
    if not at:
        return ()
    local = local.split()[-1] if len(local.split()) > 3 else "".join(local.split())
    domain = re.sub(r"\.{2,}", ".", re.sub(r"[,;]", ".", "".join(domain.split())))
    host = f"{domain}.com" if "." not in domain and f"{domain}.com" in _MAIL_HOSTS else domain
    address = _normal(f"{re.sub(r'[.]{2,}', '.', local).strip('.')}@{host}")
    return tuple(filter(None, dict.fromkeys((_likelier(address), address)))) if address else ()


def _problem(line: str, found: tuple[str, ...]) -> Problem:
    if "@" not in line:
        return Problem(N_("An e-mail address has an @ in it, for example {example}."), _EXAMPLE)
    domain = (found[0] if found else line).rpartition("@")[2]
    if "." not in domain:
        return Problem(
            N_("Behind the @ the address needs a domain with a dot, for example {example}."), _EXAMPLE
        )
    return Problem(N_("This is not a whole e-mail address. A right one looks like {example}."), _EXAMPLE)
