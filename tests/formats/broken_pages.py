"""Pages that are broken on purpose, each in one way: a check that finds nothing wrong with these would be worth nothing."""

WORDS = "a line of words that somebody is going to read"
STYLE = "<style>{}</style>".format
POLICY = '<meta http-equiv="Content-Security-Policy"'

# What is to be found (of several kinds: each), and what is put at the page's end.
ADDED = [
    ("overlap", f"<p>{WORDS}</p><p style='margin-top: -2.2em'>{WORDS}</p>"),
    ("overlap", STYLE(".frac-line { position: relative; top: .35em }")),
    ("overlap", STYLE(".msupsub { position: relative; left: -.5em; top: .4em }")),
    ("clipped", f"<p style='width: 9em; overflow: hidden; white-space: nowrap'>{WORDS}</p>"),
    ("clipped edge", f"<p style='white-space: nowrap'>{WORDS * 4}</p>"),
    ("clipped edge", f"<p style='text-indent: -3em'>{WORDS}</p>"),
    ("clipped", STYLE(".right { max-height: .9em }")),
    ("clipped", STYLE(".graph text { font-size: 60px }")),
    ("clipped", STYLE(".graph .arrow { transform: translate(0, 90px) }")),
    ("glyph", "<p>\U0010FFFD</p>"),
    ("font", STYLE(".katex { font-family: serif !important }")),
    ("contrast", f"<p style='color: var(--paper)'>{WORDS}</p>"),
    ("contrast", STYLE("@media (prefers-color-scheme: dark) { h2 { color: #333a48 } }")),
    ("contrast", f"<p style='opacity: .02'>{WORDS}</p>"),
    ("edge", "<div style='position: absolute; left: 0; top: 300px; width: 3px; height: 9px; background: red'></div>"),
    ("console", "<script>console.error('something is not as it should be')</script>"),
    ("console", "<script>undefined.property</script>"),
    ("console request", "<img src='http://127.0.0.1:9/picture.png' alt=''>"),  # the page's own policy forbids it
]


def broken_pages(page):
    """[(what is to be found, what was done, the page)]."""
    assert POLICY in page
    pages = [(kind, added, page.replace("</main>", added + "</main>")) for kind, added in ADDED]
    asks = "<script>fetch('http://127.0.0.1:9/data').catch(() => 0)</script>"
    pages.append(("console request", asks, page.replace(POLICY, "<meta").replace("</main>", asks + "</main>")))
    return pages
