"""A photo is kept without where, when and with what it was taken, and stands upright."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from casework.photos import without_traces

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
RED, BLUE = (200, 30, 30), (30, 30, 200)
SECRETS = (b"Exif", b"Harbour Phone", b"GPS-PLACE", b"ns.adobe.com", b"taken by Robin")


def photo(orientation: int = 1, *, traces: bool = True) -> bytes:
    """Two fields side by side, red and blue, as a camera stores them."""
    image = Image.new("RGB", (64, 32), BLUE)
    image.paste(RED, (0, 0, 32, 32))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Harbour Phone"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[29] = "N", "GPS-PLACE"
    out = io.BytesIO()
    more = {"exif": exif, "xmp": b"http://ns.adobe.com/xap/1.0/", "comment": b"taken by Robin"} if traces else {}
    image.save(out, "JPEG", quality=90, icc_profile=b"a profile of colours", **more)
    return out.getvalue()


def seen(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 150 > pixel[2])


def test_nothing_but_the_picture_is_left() -> None:
    before = photo()
    assert all(secret in before for secret in SECRETS)
    after = without_traces(before)
    assert [secret for secret in SECRETS if secret in after] == []
    image = seen(after)
    assert not image.getexif()
    assert image.size == (64, 32)
    assert is_red(image, 5, 16)
    assert not is_red(image, 58, 16)
    assert image.info["icc_profile"] == b"a profile of colours"
    assert abs(len(after) - len(photo(traces=False))) < 200, "as fine as it was, and no larger"


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"), [(3, (64, 32), (58, 16)), (6, (32, 64), (16, 5)), (8, (32, 64), (16, 58))]
)
def test_a_turned_photo_stands_upright(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    image = seen(without_traces(photo(orientation)))
    assert image.size == size
    assert is_red(image, *red_at)
    assert not is_red(image, size[0] - 1 - red_at[0], size[1] - 1 - red_at[1])


def test_a_second_picture_behind_the_first_goes_too() -> None:
    after = without_traces(photo(traces=False) + photo())
    assert [secret for secret in SECRETS if secret in after] == []


def test_a_photo_without_traces_is_kept_to_the_byte() -> None:
    plain = photo(traces=False)
    assert without_traces(plain) == plain


def test_a_photo_that_breaks_off_loses_its_traces_all_the_same() -> None:
    torn = photo()[:-400]
    after = without_traces(torn)
    assert [secret for secret in SECRETS if secret in after] == []
    assert after.startswith(b"\xff\xd8\xff")


def test_what_only_begins_like_a_photo_is_kept_as_it_came() -> None:
    fake = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"0" * 200
    assert without_traces(fake) == fake


@given(st.data())
def test_no_content_breaks_it(data: st.DataObject) -> None:
    whole = photo()
    at = data.draw(st.integers(0, len(whole)))
    broken = whole[:at] + data.draw(st.binary(max_size=40)) + whole[at + data.draw(st.integers(0, 40)) :]
    assert isinstance(without_traces(b"\xff\xd8\xff" + broken[3:]), bytes)
