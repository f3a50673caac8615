"""Secrets within text: passwords of URLs and connection strings, signatures and tokens of query strings.

Takes   any text; cheap where there is nothing to find.
Gives   the text with each secret replaced and the rest as it was; the same object when there is none.
        Where it is not clear how far a password goes, more is replaced rather than less.
Source  OpenTelemetry conventions, `url.full` and `url.query`: user info and the parameters of signed URLs are not to
        be stored; X-Ray developer guide, SQL queries: a connection string comes without its password.
"""

import re
from functools import lru_cache
from string import ascii_letters, digits

REDACTED = "[redacted]"
"""Stands for a value, or for the part of it that was secret."""

REDACTED_USER = "redacted"
"""The same within the user info of a URL, where brackets are not allowed: the host must stay readable."""

PASSWORD_NAMES = ("password", "passwd", "pwd", "passphrase", "accountkey", "sharedaccesskey", "client_secret")
"""Before an equals sign, also at the end of a longer name: `sslpassword`, `trustStorePassword`."""

PARAMETER_NAMES = (
    "awsaccesskeyid",
    "signature",
    "sig",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
    "access_token",
    "refresh_token",
    "id_token",
    "api_key",
    "apikey",
)
"""Before an equals sign, as a whole name."""

MOST_BLANKS = 8
LONGEST_NAME = max(map(len, (*PASSWORD_NAMES, *PARAMETER_NAMES))) + MOST_BLANKS
"""With what may stand between a name and its equals sign."""

LONGEST = 512
"""No password is longer; the bound keeps the time linear."""

MEMORABLE = 1024
"""Texts up to this length are remembered with what became of them: statements and addresses come again and again."""

_HINTS = ("pass", "pwd", "key", "secret", "sig", "credential", "token")
_PLACEHOLDER = re.compile(
    r"\?|\$\d+|%s|%\(\w+\)s|\*+|\[?redacted\]?|[:@]\w*(?:password|passwd|pwd)\w*",  # what stands for a value in SQL
    re.IGNORECASE,
)
_USER_INFO = re.compile(
    rf"://(?:(?P<quoted>[^\s/?#\"'<>]{{0,{LONGEST}}})|(?P<plain>[^\s/?#]{{0,{LONGEST}}})"
    # A slash or a mark within the password: then what follows the colon is no port.
    rf"|(?P<odd>[^\s/?#:@\[]{{0,{LONGEST}}}:(?!\d+(?:,[\w.\-]+(?::\d+)?)*(?:[/?#\s]|$))(?:(?!://)\S){{0,{LONGEST}}}))@"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*$")
_GO_HOST = re.compile(r"@(?:tcp6?|udp|unix)\(")
_ORACLE = re.compile(r"(?P<before>oracle:(?:thin|oci8?):[^\s/@]{1,128}/)[^\s@]{1,128}(?=@)", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?P<password>{'|'.join(PASSWORD_NAMES)})[ \t]{{0,{MOST_BLANKS}}}=[ \t]{{0,{MOST_BLANKS}}}(?=\S)"
    rf"|(?<![\w.\-])(?:{'|'.join(PARAMETER_NAMES)})=(?=[^\s&=])",
    re.IGNORECASE,
)
_AFTER_A_NAME = re.compile("|".join(f"(?<={name})" for name in (*PASSWORD_NAMES, *PARAMETER_NAMES)), re.IGNORECASE)
"""Where a name ends, one place looked at: to search for the names before each of many equals signs takes ten times."""
_PARAMETER = re.compile(r"[^&#;\s\"'<>]*")
_QUERY_PASSWORD = re.compile(r"[^&\s\"'<>]*")
_QUOTED = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"\\]|\\.|\"\")*\"?|\{[^}]*\}?", re.DOTALL)
_PAIR = re.compile(r"[^;\r\n]*")
_WORD = re.compile(r"[^\s&]*(?:&(?![\w.\-]+=)[^\s&]*)*")
"""Up to white space or the next pair of a query."""
_NAME_CHARACTERS = f"{ascii_letters}{digits}_.-"


def without_secrets(text: str) -> str:
    """The text without the secrets in it."""
    if "=" not in text and "@" not in text:
        return text
    return _remembered(text) if len(text) <= MEMORABLE else _without(text)


def _without(text: str) -> str:
    if "@" in text:
        if "://" in text:
            text = _USER_INFO.sub(_without_user_info, text)
        if "(" in text:
            text = _without_go_password(text)
        if "oracle:" in text.lower():
            text = _ORACLE.sub(rf"\g<before>{REDACTED}", text)
    if "=" in text:
        text = _without_named(text) if names_a_secret(text) else text
    return text


def names_a_secret(text: str) -> bool:
    """Whether one of the names may be in it: without any of them an equals sign is harmless."""
    # Folded as the patterns ignore case: a long s is an s there.
    return any(map(text.casefold().__contains__, _HINTS))


_remembered = lru_cache(maxsize=2048)(_without)


def _without_user_info(match: re.Match[str]) -> str:
    scheme = _SCHEME.search(match.string[max(0, match.start() - 32) : match.start()])
    if scheme is None:
        return match[0]
    user, _, password = match[0][3:-1].partition(":")
    if scheme[0].lower() in ("http", "https"):
        return f"://{REDACTED_USER}@" if user or password else match[0]
    return f"://{user}:{REDACTED_USER}@" if password else match[0]


def _without_go_password(text: str) -> str:
    """`user:password@tcp(host)`, as Go's MySQL driver has it."""
    parts: list[str] = []
    done = 0
    for host in _GO_HOST.finditer(text):
        before = text[max(done, host.start() - LONGEST) : host.start()]
        word = "" if before[-1:].isspace() else (before.split() or [""])[-1]
        user, colon, password = word.partition(":")
        if colon and password:
            parts += (text[done : host.start() - len(word)], f"{user}:{REDACTED}")
            done = host.start()
    return "".join((*parts, text[done:])) if parts else text


def _without_named(text: str) -> str:
    parts: list[str] = []
    done = equals = 0
    # Around each equals sign: to look for the names at every character of a stack trace takes ten times as long.
    while (equals := text.find("=", max(equals, done))) >= 0:
        at, equals = equals, equals + 1
        if not _AFTER_A_NAME.match(text, _without_blanks(text, at)):
            continue
        match = _NAMED.search(text, max(done, at - LONGEST_NAME), at + MOST_BLANKS + 2)
        if match is None:
            continue
        start = match.end()
        end = _end_of_value(text, match)
        value = text[start:end]
        parts += (text[done:start], value if _PLACEHOLDER.fullmatch(value) else REDACTED if value else "")
        done = end
    return "".join((*parts, text[done:])) if parts else text


def _without_blanks(text: str, at: int) -> int:
    """Where the blanks begin that end there: a name may have some before its equals sign."""
    if at and text[at - 1] in " \t":
        before = text[max(0, at - MOST_BLANKS) : at]
        return at - len(before) + len(before.rstrip(" \t"))
    return at


def _end_of_value(text: str, match: re.Match[str]) -> int:
    """Where the value ends depends on what it is part of: a query, pairs between semicolons, or words."""
    start = match.end()
    if match["password"] is None:
        return _end(_PARAMETER, text, start)
    before = _name_start(text, match.start())
    if before.endswith(("?", "&")):
        return _end(_QUERY_PASSWORD, text, start)
    if text[start] in "'\"{":
        return _end(_QUOTED, text, start)
    stripped = before.rstrip()
    if stripped.endswith(";") or (not stripped and text.find(";", start) >= 0):
        return start + len(text[start : _end(_PAIR, text, start)].rstrip("\"'"))
    return start + len(text[start : _end(_WORD, text, start)].rstrip("\"'),;]}"))


def _name_start(text: str, at: int) -> str:
    """What stands before the whole name, of which the match is only the end."""
    return text[max(0, at - 80) : at].rstrip(_NAME_CHARACTERS)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
