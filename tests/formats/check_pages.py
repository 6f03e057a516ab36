#!/usr/bin/env python3
"""What pages look like in a browser: nothing lies over another, nothing is cut off, every letter has its glyph and can be
told from the paper, in light and dark, on a desk and on a phone; and a page asks for nothing.

    check_pages.py GRADC MODEL.grad OPTION … -- MODEL.grad …    options of `gradc diff` stand behind their model
    check_pages.py GRADC --broken MODEL.grad                    its page, broken in many ways: each must be found out
"""
import json
import re
import sys
import tempfile
from pathlib import Path

from broken_pages import broken_pages
from browser import Browser
from models import run

HERE = Path(__file__).parent
MEASURE, LOOK = ((HERE / name).read_text() for name in ("page_faults.js", "picture_faults.js"))
DESK, PHONE = (1280, 800), (390, 844)
LOOKS = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]
PIECE, BOTH = 780, 60  # how much of a page is in one picture: no more than fits the screen; and in two of them


def picture_faults(tab, artist, letters):
    width, height = tab.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    faults = []
    for top in range(0, height, PIECE - BOTH):
        picture = tab.picture(top, width, min(PIECE, height - top))
        here = [letter for letter in letters if top <= letter["top"] and letter["bottom"] <= top + PIECE]
        faults += artist.evaluate(f"{LOOK.strip()}({json.dumps(picture)}, {top}, {json.dumps(here)})")
    tab.scroll(0)
    return faults


def faults_of(tab, artist, page, looks):
    """[(kind, words)] of a page, each once."""
    faults = []
    tab.open(page)
    faults += [("console", words) for words in tab.complaints]
    faults += [("request", url[:80]) for url in tab.asked_for if not url.startswith("data:") and url != f"file://{page}"]
    for size, scheme in looks:
        tab.look(*size, scheme)
        found = tab.evaluate(MEASURE)
        faults += found["faults"] + picture_faults(tab, artist, found["letters"])
    for fonts, letters in tab.fonts("[data-probe]"):
        if not all(fonts.values()):
            faults.append(("font", f"a formula's {letters} is drawn with {', '.join(fonts)}"))
    return list(dict.fromkeys(map(tuple, faults)))


class Check:
    def __init__(self, gradc, browser, folder):
        self.gradc, self.tab, self.artist, self.folder = gradc, browser.tab(), browser.tab(), folder

    def page(self, model, *options):
        file = self.folder / f"{Path(model).stem}.html"
        run(self.gradc, "diff", model, *options, "--format", "html", "-o", str(file))
        return file

    def faults(self, file, looks=LOOKS):
        return faults_of(self.tab, self.artist, file, looks)

    def models(self, commands):
        """Each page as it is, and the first one as browsers without JavaScript have it."""
        bad = 0
        for number, (model, *options) in enumerate(commands):
            file = self.page(model, *options)
            pages = [file]
            if number == 0:
                pages.append(file.with_suffix(".plain.html"))
                pages[1].write_text(re.sub("<script>.*?</script>", "", file.read_text(), flags=re.S))
            for page in pages:
                faults = self.faults(page)
                bad += bool(faults)
                for kind, words in faults[:20]:
                    print(f"{page.name}: {kind}: {words}")
        print(f"{len(commands)} models, {bad} pages with faults")
        return bad

    def broken(self, model):
        file = self.page(model)
        good, bad = self.faults(file), 0
        if good:
            bad += 1
            print(f"found in the page before it was broken: {good[:5]}")
        for wanted, done, text in broken_pages(file.read_text()):
            file.write_text(text)
            found = {kind for kind, _ in self.faults(file, [(DESK, "light"), (PHONE, "dark")])}
            if found != set(wanted.split()):
                bad += 1
                print(f"{wanted} was to be found, {sorted(found)} was: {done}")
        print(f"{bad} broken pages were not found out")
        return bad


def main():
    gradc, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        check = Check(gradc, browser, Path(folder))
        if arguments[0] == "--broken":
            sys.exit(check.broken(arguments[1]) > 0)
        commands = [[]]
        for word in arguments:
            if word == "--":
                commands.append([])
            else:
                commands[-1].append(word)
        sys.exit(check.models(commands) > 0)


if __name__ == "__main__":
    main()
