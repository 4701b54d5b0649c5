"""A photo is kept without where, when and with what it was taken, and stands upright."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from casework.chunked_photos import is_lossless_webp
from casework.photos import JPEG, PNG, WEBP, without_traces

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


def chunked(media_type: str, orientation: int = 1, **how: Any) -> bytes:
    """The same two fields as PNG or WebP, with all that these can tell beside them."""
    image = Image.new("RGB", (64, 32), BLUE)
    image.paste(RED, (0, 0, 32, 32))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Harbour Phone"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[29] = "N", "GPS-PLACE"
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "taken by Robin")
    told.add_itxt("XML:com.adobe.xmp", "http://ns.adobe.com/xap/1.0/")
    more = {"pnginfo": told} if media_type == PNG else {"xmp": b"http://ns.adobe.com/xap/1.0/ taken by Robin"}
    out = io.BytesIO()
    image.save(out, media_type.partition("/")[2], exif=exif, icc_profile=b"a profile of colours", **(more | how))
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


FORMS: list[tuple[str, dict[str, Any]]] = [(PNG, {}), (WEBP, {}), (WEBP, {"lossless": True})]


@pytest.mark.parametrize(("media_type", "how"), FORMS)
def test_of_a_png_or_webp_nothing_but_the_picture_is_left_point_for_point(
    media_type: str, how: dict[str, Any]
) -> None:
    before = chunked(media_type, **how) + b"and behind it: GPS-PLACE"
    after = without_traces(before, media_type)
    assert [secret for secret in SECRETS if secret in after] == []
    image = seen(after)
    assert not image.getexif()
    assert image.tobytes() == seen(before).tobytes()
    assert image.info["icc_profile"] == b"a profile of colours"
    assert without_traces(after, media_type) == after, "what has no traces is kept to the byte"


@pytest.mark.parametrize(("media_type", "how"), FORMS)
@pytest.mark.parametrize(("orientation", "size", "red_at"), [(3, (64, 32), (58, 16)), (6, (32, 64), (16, 5))])
def test_a_turned_png_or_webp_stands_upright(
    media_type: str, how: dict[str, Any], orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    after = without_traces(chunked(media_type, orientation, **how), media_type)
    assert [secret for secret in SECRETS if secret in after] == []
    image = seen(after).convert("RGB")
    assert image.size == size
    assert is_red(image, *red_at)
    assert image.info["icc_profile"] == b"a profile of colours"
    assert is_lossless_webp(after) == bool(how)


@pytest.mark.parametrize("media_type", [PNG, WEBP])
def test_a_film_keeps_its_frames_and_loses_the_rest(media_type: str) -> None:
    frames = [Image.new("RGB", (64, 32), colour) for colour in (RED, BLUE)]
    film = chunked(media_type, 6, save_all=True, append_images=frames, duration=40, loop=3)
    after = without_traces(film, media_type)
    assert [secret for secret in SECRETS if secret in after] == []
    with Image.open(io.BytesIO(after)) as image:
        assert (getattr(image, "n_frames", 1), image.info["loop"]) == (3, 3)
        image.seek(1)
        assert is_red(image.convert("RGB"), 60, 16)


def test_a_png_of_few_colours_stays_see_through_where_it_was() -> None:
    image, out, exif = Image.new("P", (4, 2), 1), io.BytesIO(), Image.Exif()
    image.putpalette([*RED, *BLUE])
    exif[ORIENTATION] = 6
    image.save(out, "PNG", exif=exif, transparency=1)
    turned = seen(without_traces(out.getvalue(), PNG))
    assert (turned.size, turned.mode, turned.info["transparency"]) == ((2, 4), "P", 1)


@pytest.mark.parametrize("media_type", [PNG, WEBP])
def test_a_png_or_webp_that_breaks_off_anywhere_loses_its_traces(media_type: str) -> None:
    whole = chunked(media_type)
    for length in range(100, len(whole)):
        after = without_traces(whole[:length], media_type)
        assert [secret for secret in SECRETS if secret in after] == []


def test_what_only_begins_like_a_png_or_webp_is_kept_as_it_came() -> None:
    for fake, media_type in (
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, PNG),
        (b"RIFF\x00\x00\x00\x00WEBP" + b"0" * 50, WEBP),
    ):
        assert without_traces(fake, media_type) == fake


WHOLE = {JPEG: photo(6), PNG: chunked(PNG, 6), WEBP: chunked(WEBP, 6)}


@given(st.data(), st.sampled_from(sorted(WHOLE)))
def test_no_content_breaks_it(data: st.DataObject, media_type: str) -> None:
    whole = WHOLE[media_type]
    at = data.draw(st.integers(0, len(whole)))
    broken = whole[:at] + data.draw(st.binary(max_size=40)) + whole[at + data.draw(st.integers(0, 40)) :]
    assert isinstance(without_traces(whole[:3] + broken[3:], media_type), bytes)
