"""Writes the fonts of frames anew from pinned packages: ``python -m tools.fonts``.

Hints are for screens and tables for vertical lines for books, so both are left out. Of Chinese, Japanese and Korean
stay the signs that the national character sets (GB 2312, Big5's frequent ones, JIS X 0208, KS X 1001) list, every
syllable of Hangul, and the shapes that each region has of them. The twelve older fonts are not made here.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb  # type: ignore[import-untyped]

_HERE: Final = Path(__file__).parent
_TARGET: Final = _HERE.parents[1] / "src/scanly/services/qr/rendering/fonts"
_SETS: Final = {"gb2312": range(0xA1, 0xF8), "big5": range(0xA1, 0xC7), "euc_jp": range(0xA1, 0xF5)} | {
    "euc_kr": range(0xA1, 0xFE)
}
"""Codecs of national character sets, and the first bytes of what is kept; of Big5 the frequent ones."""
_HANGUL: Final = range(0xAC00, 0xD7A4)
_SPACES: Final = (0x20, 0xA0)
_FIRST_KEPT: Final = 0x2000
"""Letters below are drawn by the fonts of their own scripts."""
_VERTICAL: Final = ("vmtx", "vhea", "VORG", "BASE")


def main() -> None:
    """Fetch, cut, write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_HERE / file, folder)
        _run("npm", "ci", "--ignore-scripts", "--silent", cwd=folder)
        for source in sorted(folder.glob("node_modules/@expo-google-fonts/*/700Bold/*_700Bold.ttf")):
            face = _opened(source.read_bytes())
            _write(source.name.replace("_700Bold", "-Bold"), face, face.unicodes)
        pip = ("-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps", "--require-hashes")
        _run(sys.executable, *pip, "--requirement", str(_HERE / "cjk.txt"), cwd=folder)
        (package,) = folder.glob("*.whl")
        with zipfile.ZipFile(package) as files:
            face = _opened(files.read("noto_cjk_sans_jp_bold/NotoSansCJKjp-Bold.otf"))
        _write("NotoSansCJK-Bold.otf", face, _east_asian(), features=("ccmp", "locl"))


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def _opened(data: bytes) -> Any:  # noqa: ANN401 - of HarfBuzz
    return hb.Face(hb.Blob(data))


def _east_asian() -> set[int]:
    signs = {*_HANGUL}
    for codec, firsts in _SETS.items():
        for first in firsts:
            for second in range(0x40, 0xFF):
                signs |= {ord(char) for char in bytes((first, second)).decode(codec, "ignore")}
    return {sign for sign in signs if sign >= _FIRST_KEPT} | {*_SPACES}


def _write(name: str, face: Any, signs: Iterable[int], *, features: Sequence[str] = ()) -> None:  # noqa: ANN401
    wanted = hb.SubsetInput()
    wanted.unicode_set.clear()
    wanted.unicode_set.update(signs)
    wanted.drop_table_tag_set.update(map(_tag, _VERTICAL))
    wanted.flags = hb.SubsetFlags.NO_HINTING
    if features:
        wanted.layout_feature_tag_set.clear()
        wanted.layout_feature_tag_set.update(map(_tag, features))
    data = wanted.subset(face).blob.data
    (_TARGET / name).write_bytes(data)
    print(f"{name}: {len(data):,} bytes")


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


if __name__ == "__main__":
    main()
