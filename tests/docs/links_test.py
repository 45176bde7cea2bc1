"""Every relative link of every page leads to a file that is there, and its fragment to a heading."""
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ["CLACKS_SOURCE"])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def pages():
    return sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


class Links(unittest.TestCase):
    def test_links(self):
        self.assertGreater(len(pages()), 5)
        for page in pages():
            for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, fragment = target.partition("#")
                file = (page.parent / name).resolve() if name else page
                with self.subTest(page=page.name, target=target):
                    self.assertTrue(file.exists(), f"{page}: {target} leads nowhere")
                    if fragment:
                        self.assertIn(fragment, anchors(file), f"{page}: {target}")

    def test_every_page_can_be_reached_from_the_readme(self):
        seen, todo = set(), [ROOT / "README.md"]
        while todo:
            page = todo.pop()
            if page in seen or page.suffix != ".md" or not page.exists():
                continue
            seen.add(page)
            for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
                if not re.match(r"[a-z]+:|#", target):
                    todo.append((page.parent / target.partition("#")[0]).resolve())
        self.assertEqual([str(p) for p in pages() if p not in seen], [], "pages that no page links to")


unittest.main()
