"""zbar, the second decoder: the C library as WebAssembly, so that what a stranger's picture does to it stays inside.

``zbar.wasm`` is the unchanged file of npm ``@undecaf/zbar-wasm`` 0.11.0 (LGPL-2.1 or later, see ``LICENSE`` beside it;
sources: https://github.com/undecaf/zbar-wasm). zbar has had memory faults (CVE-2023-40889, CVE-2023-40890), so each
picture gets a memory of its own that ends with the look at it, bounded in size and in steps. It can reach nothing: not
a file, not the network, not the clock.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, cast

import wasmtime
from PIL import Image

_FILE: Final = Path(__file__).parent / "zbar.wasm"
_MEMORY: Final = 128 << 20
"""Bytes that a look may take; it begins with 16 MB, which are enough for the largest symbol."""
_STEPS: Final = 4_000_000_000
"""Instructions that a look may take, half a second of them; usual codes take 60 million, the largest symbol 900."""
_MOST: Final = 8
"""Symbols in a picture; a look whose memory was harmed may tell of endless ones."""
_PAGE: Final = 65_536
_GREY: Final = int.from_bytes(b"Y800", "little")
_ALL: Final = 0
_QR_CODE: Final = 64
_ENABLE: Final = 0
_AS_BYTES: Final = 4
"""What is in the symbol as it is, without guessing the language."""
_LIGHT_ON_DARK: Final = 0x81
"""Tried when nothing was found."""
_WORD: Final = 4

_EXPORTS: Final = {
    "memory": "g",
    "start": "h",
    "scanner_create": "i",
    "scanner_set": "k",
    "scan": "o",
    "image_create": "p",
    "image_symbols": "r",
    "malloc": "u",
}
"""The file's names are single letters, in the order of its package's loader."""
# Where the fields of zbar's structures stand, in words: symbol sets and symbols (zbar/symbol.h).
_HEAD: Final = 2
_LENGTH: Final = 4
_DATA: Final = 5
_NEXT: Final = 11


def texts(picture: Image.Image) -> list[bytes]:
    """Return what is in the QR codes of a picture in grey; nothing when the library fails or may do no more."""
    try:
        return list(_Look().symbols(picture))
    except (wasmtime.WasmtimeError, wasmtime.Trap):
        return []


def _refused(*_values: int) -> int:
    return 8  # there is no such file


def _grow(look: wasmtime.Caller, size: int) -> int:
    memory = cast("wasmtime.Memory", look[_EXPORTS["memory"]])
    try:
        memory.grow(look, -(-(size - memory.data_len(look)) // _PAGE))
    except wasmtime.WasmtimeError:
        return 0
    return 1


@cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Linker, wasmtime.Module]:
    """Return the library for this machine; compiling takes a quarter of a second, once a process.

    What it may ask for knows nothing of a look: it is kept for good, and would keep each look's memory with it.
    """
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    linker = wasmtime.Linker(engine)
    number, real = wasmtime.ValType.i32(), wasmtime.ValType.f64()
    for name, takes, returns, answer, knows_look in (
        ("a", 4, number, _refused, False),  # fd_write
        ("b", 5, number, _refused, False),  # fd_seek
        ("c", 1, number, _grow, True),  # emscripten_resize_heap
        ("d", 0, number, int, False),  # emscripten_get_now_is_monotonic: 0
        ("e", 0, real, float, False),  # emscripten_date_now: 0.0
        ("f", 1, number, _refused, False),  # fd_close
    ):
        kind = wasmtime.FuncType([number] * takes, [returns])
        linker.define_func("a", name, kind, answer, access_caller=knows_look)
    return engine, linker, wasmtime.Module.from_file(engine, _FILE)


class _Look:
    """A memory of its own with the library in it, for one picture."""

    def __init__(self) -> None:
        engine, linker, module = _compiled()
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=_MEMORY)
        self._store.set_fuel(_STEPS)
        self._exports = linker.instantiate(self._store, module).exports(self._store)
        self._memory = cast("wasmtime.Memory", self._exports[_EXPORTS["memory"]])

    def symbols(self, picture: Image.Image) -> Iterator[bytes]:
        """Yield what is in each symbol."""
        self._call("start")
        scanner = self._call("scanner_create")
        for kind, setting, value in (
            (_ALL, _ENABLE, 0),
            (_ALL, _LIGHT_ON_DARK, 1),
            (_QR_CODE, _ENABLE, 1),
            (_QR_CODE, _AS_BYTES, 1),
        ):
            self._call("scanner_set", scanner, kind, setting, value)
        pixels = picture.tobytes()
        place = self._call("malloc", len(pixels))
        if not place:
            return
        self._memory.write(self._store, pixels, place)
        image = self._call("image_create", picture.width, picture.height, _GREY, place, len(pixels), 0)
        if self._call("scan", scanner, image) <= 0:
            return
        symbol = self._word(self._call("image_symbols", image), _HEAD)
        for _ in range(_MOST):
            if not symbol:
                return
            start = self._word(symbol, _DATA)
            yield bytes(self._memory.read(self._store, start, start + self._word(symbol, _LENGTH)))
            symbol = self._word(symbol, _NEXT)

    def _call(self, name: str, *values: int) -> int:
        function = cast("wasmtime.Func", self._exports[_EXPORTS[name]])
        return cast("int", function(self._store, *values))

    def _word(self, structure: int, place: int) -> int:
        at = structure + place * _WORD
        return int.from_bytes(self._memory.read(self._store, at, at + _WORD), "little")
