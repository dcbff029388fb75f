"""The fonts of pictures (web/charts/fonts): subsets of Debian's Noto Sans CJK KR.

python -m tests.fonts        needs fonttools and Debian's fonts-noto-cjk; writes web/charts/fonts/*.otf

Latin, Greek, punctuation, and the 2,350 Hangul syllables and the letters of KS X 1001.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from web.paths import WEB

SOURCE = Path("/usr/share/fonts/opentype/noto")
MARKS = "‐‑‒–—‘’“”•…′″←↑→↓−≠≤≥×、。《》「」～₩€™●○■□▲△◆◇"


def characters() -> Iterator[int]:
    """The code points the fonts hold."""
    yield from (
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *range(0x391, 0x3CA),
        *range(0x3131, 0x3164),
    )
    yield from map(ord, MARKS)
    for lead in range(0xB0, 0xC9):
        for trail in range(0xA1, 0xFF):
            yield ord(bytes([lead, trail]).decode("euc_kr"))


def main() -> None:
    """Write the subsets."""
    from fontTools import subset  # not a dependency: only who renews the fonts needs it
    from fontTools.ttLib import TTCollection

    options = subset.Options(
        layout_features=["kern", "ccmp", "locl", "mark", "mkmk"], name_IDs=["*"], hinting=False
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    for weight in ("Regular", "Bold"):
        fonts = TTCollection(SOURCE / f"NotoSansCJK-{weight}.ttc").fonts
        font = next(f for f in fonts if f["name"].getDebugName(1).startswith("Noto Sans CJK KR"))
        cut = subset.Subsetter(options)
        cut.populate(unicodes=list(characters()))
        cut.subset(font)
        font.save(WEB / "charts" / "fonts" / f"NotoSansKR-{weight}.otf")


if __name__ == "__main__":
    main()
