import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.services.routing.spool import (
    RAW,
    READY,
    READY_FRAMES,
    Spool,
    adopt_folders,
    create_folder,
    frame,
    parse,
    segment_head,
    write_ready,
)

payloads = st.lists(st.binary(min_size=1, max_size=300), max_size=20)


def segment(frames: list[bytes]) -> bytes:
    return segment_head(RAW) + b"".join(map(frame, frames))


@given(payloads)
def test_what_was_written_is_read(written: list[bytes]) -> None:
    content = parse(segment(written), RAW)
    assert content.payloads == written
    assert content.unread == 0


@given(payloads, st.data())
def test_any_truncation_keeps_the_whole_frames_before_it(written: list[bytes], data: st.DataObject) -> None:
    whole = segment(written)
    cut = data.draw(st.integers(0, len(whole)))
    content = parse(whole[:cut], RAW)
    assert content.payloads == written[: len(content.payloads)]
    complete = [len(segment(written[:count])) for count in range(len(written) + 1)]
    assert len(content.payloads) == max((n for n, end in enumerate(complete) if end <= cut), default=0)
    if cut >= len(segment([])):
        assert content.unread == cut - complete[len(content.payloads)]


@given(payloads.filter(bool), st.data())
def test_a_damaged_byte_never_yields_a_wrong_scan(written: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(segment(written))
    position = data.draw(st.integers(0, len(whole) - 1))
    whole[position] ^= data.draw(st.integers(1, 255))
    content = parse(bytes(whole), RAW)
    assert content.payloads == written[: len(content.payloads)]
    assert len(content.payloads) < len(written)


@given(st.binary(max_size=400))
def test_rubbish_is_no_scan(rubbish: bytes) -> None:
    assert parse(segment_head(RAW) + bytes(8) + rubbish, RAW).payloads == []


@pytest.mark.parametrize("head", [b"", b"SCN", segment_head(READY), b"NOPE\x01\x01\x00\x00", b"SCNL\x02\x01\x00\x00"])
def test_a_foreign_or_newer_segment_is_not_read(head: bytes) -> None:
    assert parse(head + frame(b"scan"), RAW).payloads == []


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool")
    spool.open()
    yield spool
    spool.close()


def seal(spool: Spool) -> None:
    spool.finish(spool.swap(spool.prepare()))


def contents(spool: Spool) -> list[bytes]:
    return [scan for found in spool.folder.segments(skip=spool.writing) for scan in found.read().payloads]


def test_scans_are_in_the_file_as_soon_as_they_are_flushed(spool: Spool) -> None:
    spool.append(b"one")
    assert spool.is_empty
    spool.append(b"two")
    spool.flush()
    assert not spool.is_empty
    assert parse(spool.writing.read_bytes(), RAW).payloads == [b"one", b"two"]


def test_a_sealed_segment_is_handed_out_and_writing_goes_on(spool: Spool) -> None:
    for number in range(3):
        spool.append(f"scan {number}".encode())
        spool.flush()
        seal(spool)
    spool.append(b"not sealed")
    spool.flush()
    assert contents(spool) == [b"scan 0", b"scan 1", b"scan 2"]


def test_ready_segments_replace_the_raw_one_and_are_bounded(spool: Spool) -> None:
    spool.append(b"with an address")
    spool.flush()
    seal(spool)
    [raw] = spool.folder.segments(skip=spool.writing)
    scans = [f"{number}".encode() for number in range(READY_FRAMES + 1)]
    write_ready(raw.path, scans)
    raw.delete()
    ready = spool.folder.segments(skip=spool.writing)
    assert [found.kind for found in ready] == [READY, READY]
    assert contents(spool) == scans
    assert not raw.path.exists()


def test_a_living_folder_is_not_adopted(spool: Spool) -> None:
    assert list(adopt_folders(spool.folder.path.parent)) == []


def test_the_folder_of_a_killed_process_is_adopted_with_its_torn_tail(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from scanly.services.routing.spool import Spool, frame\n"
        "spool = Spool(Path(sys.argv[1])); spool.open()\n"
        "spool.append(b'one'); spool.append(b'two'); spool.flush()\n"
        "os.write(spool._fd, frame(b'torn')[:-1])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60)
    [adopted] = adopt_folders(tmp_path)
    assert list(adopt_folders(tmp_path)) == [], "adopted once"
    [found] = adopted.segments()
    content = found.read()
    assert content.payloads == [b"one", b"two"]
    assert content.unread == len(frame(b"torn")) - 1
    found.delete()
    adopted.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_scans_stays_when_its_process_ends_cleanly(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.open()
    spool.append(b"unshipped")
    spool.close()
    [adopted] = adopt_folders(tmp_path)
    assert [found.read().payloads for found in adopted.segments()] == [[b"unshipped"]]
    adopted.release()


def test_an_empty_folder_goes_with_its_process(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.open()
    spool.close()
    assert list(tmp_path.iterdir()) == []


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes: what a full disk looks like to a writer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_counted_and_hides_no_scan_before_or_after(spool: Spool) -> None:
    spool.append(b"before")
    spool.flush()
    room = spool.writing.stat().st_size + len(frame(b"during")) // 2
    with file_size_limit(room):
        for _ in range(2):
            spool.append(b"during")
            spool.append(b"during")
            spool.flush()
    assert spool.lost == 4
    assert spool.fault
    spool.append(b"after")
    spool.flush()
    assert spool.fault is None
    assert parse(spool.writing.read_bytes(), RAW).payloads == [b"before", b"after"]


def test_no_segment_can_be_made_on_a_full_disk(spool: Spool) -> None:
    with file_size_limit(0), pytest.raises(OSError, match="large"):
        spool.prepare()
    spool.append(b"the old segment goes on")
    spool.flush()
    assert parse(spool.writing.read_bytes(), RAW).payloads == [b"the old segment goes on"]


def test_folders_have_names_of_their_own(tmp_path: Path) -> None:
    first, second = create_folder(tmp_path), create_folder(tmp_path)
    assert first.path != second.path
    assert [path.name for path in first.path.iterdir()] == ["lock"]
    for folder in (first, second):
        folder.remove()
