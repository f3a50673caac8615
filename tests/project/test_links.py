"""No page of the project leads nowhere."""

import re
from pathlib import Path

import pytest

from tests.project.tree import PROJECT, everything

PAGES = [path for path in everything() if path.suffix == ".md" and "data" not in path.parts]
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [one or other for one, other in LINK.findall(text)]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    named = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page.read_text()))
    return {name.strip().replace(" ", "-") for name in named}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_a_page_leads_to_what_is_there(page):
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_of_docs_is_linked_from_the_readme():
    linked = {link.partition("#")[0] for link in links(PROJECT / "README.md")}
    assert {f"docs/{page.name}" for page in (PROJECT / "docs").glob("*.md")} <= linked
