from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scanly.kernel.errors import NotFound, Unavailable
from scanly.kernel.startup import StartupError
from scanly.kernel.storage import ObjectStorage, Storage, checked_key, storage


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "s3":
        return storage(request.getfixturevalue("s3_url"), tmp_path)
    return storage(None if request.param == "folder" else "memory:///", tmp_path)


async def collect(pieces: AsyncIterator[bytes]) -> list[bytes]:
    return [piece async for piece in pieces]


async def test_what_is_put_can_be_read(store: Storage) -> None:
    content = bytes(range(256)) * 4096
    await store.put("media/1/original.bin", content)
    assert await store.get("media/1/original.bin") == content
    pieces = await collect(store.stream("media/1/original.bin"))
    assert b"".join(pieces) == content
    await store.put("media/1/original.bin", b"")
    assert await store.get("media/1/original.bin") == b""
    assert b"".join(await collect(store.stream("media/1/original.bin"))) == b""


async def test_a_local_file_is_put_and_read_in_parts(store: Storage, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000  # more than a store takes in one piece
    (tmp_path / "source").write_bytes(content)
    await store.put_file("media/2/original", tmp_path / "source")
    assert await store.get("media/2/original") == content
    for start, end in ((0, 1), (5, 300_000), (12_000_000, len(content)), (len(content) - 1, len(content) + 50)):
        assert b"".join(await collect(store.stream("media/2/original", start, end))) == content[start:end]
    assert b"".join(await collect(store.stream("media/2/original", 12_700_000))) == content[12_700_000:]
    await store.put_file("media/2/original", tmp_path / "source")


async def test_what_is_not_there_is_not_found(store: Storage) -> None:
    with pytest.raises(NotFound):
        await store.get("media/none")
    with pytest.raises(NotFound):
        await collect(store.stream("media/none"))
    await store.delete("media/none")


async def test_delete_and_list(store: Storage) -> None:
    for key in ("a/1.svg", "a/b/2.svg", "ab/3.svg"):
        await store.put(key, key.encode())
    assert {file.key async for file in store.list()} == {"a/1.svg", "a/b/2.svg", "ab/3.svg"}
    below = [file async for file in store.list("a")]
    assert {(file.key, file.size) for file in below} == {("a/1.svg", 7), ("a/b/2.svg", 9)}
    assert all(file.modified_at.tzinfo for file in below)
    await store.delete("a/1.svg")
    assert {file.key async for file in store.list("a")} == {"a/b/2.svg"}


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../secret", "a/../b", "a//b", "a/", "a/.hidden", ".", "a b", "a\\b", "a\x00", "ü", "a/" * 300],
)
async def test_a_key_never_leaves_the_store(store: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="key of a file"):
        await store.put(key, b"x")
    with pytest.raises(ValueError, match="key of a file"):
        await store.get(key)
    with pytest.raises(ValueError, match="key of a file"):
        await store.delete(key)


def test_usual_keys_are_fine() -> None:
    for key in ("a", "media/0192f3a1-7c/w640@2".replace("@", "_"), "x.tar.gz", "A/B-c_d.e"):
        assert checked_key(key) == key


async def test_the_default_is_a_folder_in_the_data_folder(tmp_path: Path) -> None:
    await storage(None, tmp_path).put("a/b", b"x")
    assert (tmp_path / "files/a/b").read_bytes() == b"x"
    await storage(f"file://{tmp_path}/elsewhere", tmp_path).put("c", b"y")
    assert (tmp_path / "elsewhere/c").read_bytes() == b"y"


@pytest.mark.parametrize("url", ["nonsense", "ftp://host/x", "s3:"])
def test_a_wrong_address_stops_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="SCANLY_STORAGE_URL") as raised:
        storage(url, tmp_path)
    assert len(str(raised.value).splitlines()) == 1


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file in the way")
    with pytest.raises(StartupError, match="folder for files"):
        storage(None, tmp_path)


async def test_a_store_that_does_not_answer_is_unavailable(unused_tcp_port: int) -> None:
    from obstore.store import HTTPStore

    away = HTTPStore(
        f"http://127.0.0.1:{unused_tcp_port}",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    with pytest.raises(Unavailable):
        await ObjectStorage(away).get("a")
