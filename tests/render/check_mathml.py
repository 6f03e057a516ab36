#!/usr/bin/env python3
"""Whether a file is well-formed XML, and each element of MathML in it has the parts that it must have."""
import sys
import xml.etree.ElementTree as tree

PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mroot": 2}
LEAVES = {"mi", "mn", "mo", "mtext"}
ROWS = {"math", "mrow", "msqrt", "mtable", "mtr", "mtd"}

faults = 0
for element in tree.parse(sys.argv[1]).iter():
    tag = element.tag.split("}")[-1]
    if tag in PARTS:
        good = len(element) == PARTS[tag]
    elif tag in LEAVES:
        good = len(element) == 0 and bool(element.text)
    else:
        good = tag in ROWS or tag in ("mspace", "formulas")
    if tag not in LEAVES and element.text and element.text.strip():
        good = False
    if not good:
        faults += 1
        print(tree.tostring(element, encoding="unicode")[:300])
sys.exit(faults > 0)
