"""Every place that files are kept in promises the same: a folder, and S3-compatible storage by its protocol."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from casework.errors import NotFound, Unavailable
from casework.ports import Files
from store.files import in_s3, on_disk

BUCKET = "redress-files"


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=url, **keys).create_bucket(Bucket=BUCKET)
    yield url
    server.stop()


@pytest.fixture(params=["disk", "s3"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    if request.param == "disk":
        yield on_disk(tmp_path / "files")
    else:
        url = request.getfixturevalue("s3_url")
        yield in_s3(BUCKET, "desk/one", endpoint=url, region="us-east-1", key="key", secret="secret")


async def test_what_is_put_is_got_and_put_again_replaces_it(files: Files) -> None:
    await files.put("c1/f1", b"first")
    await files.put("c1/f1", b"second")
    assert await files.get("c1/f1") == b"second"


async def test_what_is_not_there_is_not_found_and_is_deleted_without_complaint(files: Files) -> None:
    with pytest.raises(NotFound):
        await files.get("c1/none")
    await files.delete("c1/none")


async def test_a_conversations_files_go_together_and_no_others(files: Files) -> None:
    for key in ("c2/a", "c2/b", "c20/a"):
        await files.put(key, b"x")
    assert await files.forget("c2") == 2
    with pytest.raises(NotFound):
        await files.get("c2/a")
    assert await files.get("c20/a") == b"x"


async def test_storage_that_is_down_is_unavailable(s3_url: str) -> None:
    away = in_s3("no-such-bucket", "", endpoint=s3_url, region="us-east-1", key="key", secret="secret")
    with pytest.raises(Unavailable):
        await away.put("c1/f1", b"x")


async def test_nobody_else_on_the_machine_reads_the_folder(tmp_path: Path) -> None:
    on_disk(tmp_path / "files")
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
