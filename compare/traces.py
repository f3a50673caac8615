"""Stack traces of every language that the mapping parses: whole, nested, chained, damaged.

Takes   a source of chance, and the language; another one's trace at times.
Gives   `trace`, `connection_string`.
Source  xray-conversion.md, sections 8.1 and 12.
"""

from collections.abc import Sequence
from random import Random
from typing import Final

NUMBERS: Final = (
    "12", "0", "-3", "+7", "007", "9" * 25, "1_0", "x", "", " 5", "\u0661", "9223372036854775808",
    "18446744073709551616x", "18446744073709551615x", "-" + "9" * 25 + "x",
)  # fmt: skip

JAVA: Final = (
    "\tat com.shop.Cart.add(Cart.java:{n})", "\tat app//java.base/java.util.List.get(List.java:{n})",
    "\tat a.b(Native Method)", "\tat a.b(X.java:{n}:{n})", "\tat a.b()", "\tat a(b)c(d:{n})", "\tat noparen",
    "\tat open(", "\tat (x:{n})", "\tat x/y(z)", "\tat )(", "\tat \u00e9(\u00e9:{n})", "\t\tat a.b(C.java:{n})",
    "    at a.b(C.java:{n})", "\t... 9 more", "", "\tat a.b(C.java:{n}) ", "Caused by: java.io.IOException: gone",
    "Caused by: x.Y", "Caused by: x.Y: ", "Caused by: x.Y:z", "Caused by: a: b: c", "\tSuppressed: x.Y: z",
    "Caused by: x.Y:\u00e9z", "Caused by: ", "Caused by:", "Caused by: X:", "a message of its own", "\tat ",
    "at a.b(C.java:1)", "Caused by: x.Y:\U0001f600 grin", "\tat a.b(C.java:{n})x",
)  # fmt: skip
PYTHON: Final = (
    '  File "/srv/app.py", line {n}, in add', "    total += 1", '  File "/srv/a,b.py", line {n}, in add',
    "  File x, line {n}, in y", '  File "/srv/app.py", line {n}, in <module>', '  File "", line {n}, in ',
    '  File "/x.py", on {n}, by z', '  File "/x.py", line {n}', "Traceback (most recent call last):",
    "ValueError: bad", "ValueError:", "ValueError", "ValueError: a\nb: c", "", "",
    "During handling of the above exception, another exception occurred:", "    ~~^~~",
    "During handling of the above exception, another exception occurred: more", "KeyError:\u00e9x", "KeyError:x",
    "The above exception was the direct cause of the following exception:", '  File "/x\u00e9, line {n}, in f',
    "  File \u00e9\u00e9, line 1, in f", "  File ,,", '  File ",,', "  File é,,", '  File "/x.py", line {n}, in a\r',
    "  File é\u6f22, line {n}, in f",
)  # fmt: skip
CHAIN: Final = (
    "Traceback (most recent call last):", '  File "/srv/a.py", line 3, in inner', "    raise ValueError('bad')",
    "ValueError: bad", "", "During handling of the above exception, another exception occurred:", "",
    "Traceback (most recent call last):", '  File "/srv/b.py", line 5, in outer', "    raise KeyError(1)",
    "KeyError: 1",
)  # fmt: skip
JAVASCRIPT: Final = (
    "    at add (/srv/cart.js:{n}:5)", "    at /srv/cart.js:{n}:5", "    at new Cart (file:///srv/cart.mjs:{n}:5)",
    "    at native", "    at a (native)", "    at async Promise.all (index 0)", "    at a [as b] (/x.js:{n}:5)",
    "    at eval (eval at x (/y.js:{n}:1), <anonymous>:1:1)", "    at ", "    at (", "    at a (", "    at ()",
    "    at a (b", "    at :", "    at ::", "    at :{n}:", "    at a:b:", "   at a (x:1:2)",
    "    at C:\\app\\x.js:{n}:9", "    at (x:{n}:2) ", "    at é (é:{n}:2)", "Error: other", "", "\tat a (b:1:2)",
    "    at a:{n}", "     at a (b:1:2)",
)  # fmt: skip
DOTNET: Final = (
    "   at Shop.Cart.Add(Int32 n) in /src/Cart.cs:line {n}", "   at Shop.Cart.Add(Int32 n)", "at x in y",
    "   at x in y:{n}", "at in z", "   at a in b in c:line {n}", " ---> System.Exception: inner",
    "   --- End of inner exception stack trace ---", "   at noparen", "   at a() in C:\\x.cs:line {n}",
    "   at a in b:line", "   at a in b:line{n}", "   at a in b:lineé{n}", "at ", "\u3000at a()\u2003", "   at a) (b)",
    "\x1fat a()", "\x85at a()\xa0", "   at a in ", "   at  in b:{n}", "   at a in :line {n}", "   at )", "at\ta()",
    "\x0bat a()\x0c", "   at a in b:lin {n}",
)  # fmt: skip
GO: Final = (
    "goroutine 1 [running]:", "goroutine 7 [running, locked to thread]:", "goroutine 1 [select]:",
    "goroutinerunning:", "goroutine running:", "main.add(0x1)", "\t/srv/cart.go:{n} +0x1d", "created by main.main",
    "\t/srv/main.go:{n}", "", "a:b:{n}", "C:/x.go:{n}", ":{n}", "no place", "goroutine running",
    "goroutine xrunning:", "a b:{n} c:{n}", "é:{n}", "a:\u0661", "panic: x", "\x0bx:{n}", "goroutine 1 running :",
    "\xa0x:{n}",
)  # fmt: skip
LINES: Final[dict[str, tuple[str, ...]]] = {
    "java": JAVA,
    "php": JAVA,
    "python": PYTHON,
    "javascript": JAVASCRIPT,
    "dotnet": DOTNET,
    "go": GO,
}
ENDS: Final = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\r\n")
SCHEMES: Final = (
    "mysql:", "jdbc:mysql:", "jdbc:", "", "jdbc:jdbc:x:", "postgresql+psycopg:", "1x:", ":", "é:", "a b:", "JDBC:x:",
    "x-y.z:",
)  # fmt: skip
SLASHES: Final = ("//", "//", "//", "//", "/", "", "///", "////")
USERS: Final = (
    "", "", "u@", "u:p@", "u:p:q@", "u@v@", "ü@", "u%40@", "u%zz@", "u p@", "u[@", "@", ":@", "u/x@", "u?x@",
)  # fmt: skip
# Not several colons outside of brackets: whether they make a host is another matter in each release of Go.
SERVERS: Final = (
    "db.example.com", "db", "10.0.0.1", "[::1]", "[::1", "1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "", "a b",
    "a%20b", "a%zz", "a%41", "é", "a,b", "DB", "a_b", "<x>", "a%C3%A9", '"x"', "a\\b", "a^b", "a`b", "a{b}", "a|b",
    "a'b", "a!$&()*+;=b", "[]", "[v1.x]", "a[b]", "[::1]x", "x[::1]", "\x7f", "a\tb", "a%2fb", "%", "a%2", "[::1%25]",
    "[%41::1]", "a\udce9", "[a b]", "[::1%25a b]", "[::ffff:1.2.3.4]", "[1.2.3.4]", "[::g]", "a%00b", "~",
    "[fe80::1%25a%20b]", "%41%5b", "a%25b", "a%3Ab",
)  # fmt: skip
PORTS: Final = ("", "", ":3306", ":", ":x", ":-1", ":٣", ":3306x")
PATHS: Final = (
    "", "/shop", "/a?b=c", "?b", "#f", "/a#f", "/%zz", "/a b", "/%41", "/a?%zz", "#%zz", ";a=b", "/a:b//c@d", "?#",
    "/\x01", "#\x7f", "/é", "/a?b c", "#%", "#a%41",
)  # fmt: skip


def trace(random: Random, language: str) -> str:
    """A stack trace."""
    if random.randrange(12) == 0:
        language = random.choice(list(LINES))
    lines = list(_lines(random, LINES.get(language, JAVA)))
    if language == "python" and random.randrange(3) == 0:
        lines = [*CHAIN[: random.randrange(len(CHAIN))], *lines, *CHAIN[random.randrange(len(CHAIN)) :]]
    end = "\n" if random.randrange(3) else random.choice(ENDS)
    text = "".join(line + (end if random.randrange(8) else random.choice(ENDS)) for line in lines)
    return text if random.randrange(4) == 0 else text.rstrip("\r\n")


def _lines(random: Random, lines: Sequence[str]) -> Sequence[str]:
    head = random.choice(["x.Y: first", "", "Error: no", "panic: x"])
    chosen = random.choices(lines, k=random.choice([0, 1, 2, 4, 8, 16]))
    return [head, *(line.replace("{n}", random.choice(NUMBERS)) for line in chosen)]


def connection_string(random: Random) -> str:
    """A URL of a database, or nearly one."""
    return "".join(random.choice(part) for part in (SCHEMES, SLASHES, USERS, SERVERS, PORTS, PATHS))
