"""The README's picture, taken from the real site with headless Chromium.

python -m tests.picture        needs Debian's chromium; writes web/static/app/site.png
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kg.build.build import build
from kg.config import load_config
from tests.web.server.test_serve import ROOT, served

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--force-prefers-reduced-motion"
).split()


def shoot(url: str, path: Path, width: int, height: int) -> None:
    """Take a picture of a page."""
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("chromium is not installed; on Debian: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as profile:
        size = f"--window-size={width},{height}"
        subprocess.run(
            [chromium, *FLAGS, f"--user-data-dir={profile}", size, f"--screenshot={path}", url],
            check=True,
            capture_output=True,
        )


def main() -> None:
    """Build the data, serve it, take the picture."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build(load_config(home=home))
        with served(home) as url:
            shoot(url + "/?lang=en", ROOT / "web" / "static" / "app/site.png", 1200, 1060)


if __name__ == "__main__":
    main()
