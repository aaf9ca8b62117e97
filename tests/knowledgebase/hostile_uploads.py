"""Uploads that want to be more than an image, or less, or far too large.

``TAKEN`` are images all the same: what they carry must be gone. ``REFUSED`` are none.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from PIL import Image, PngImagePlugin

MARK: Final = b"alert(1)"
SCRIPT: Final = b"<script>alert(1)</script>"
PAGE: Final = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
SVG: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
)
PHP: Final = b"<?php system('id'); /* alert(1) */ ?>"


class Upload(NamedTuple):
    """What it is for, what it is called, and what is in it."""

    why: str
    name: str
    content: bytes


def image(form: str = "PNG", size: tuple[int, int] = (16, 12), **more: Any) -> bytes:
    memory = io.BytesIO()
    Image.new(more.pop("mode", "RGB"), size, 90).save(memory, form, **more)
    return memory.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def with_chunks(*chunks: bytes) -> bytes:
    """A true PNG with these chunks behind its header."""
    png = image()
    return png[:33] + b"".join(chunks) + png[33:]


def header(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""
    ihdr = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", ihdr)
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def jpeg_segment(marker: int, content: bytes) -> bytes:
    jpeg = image("JPEG")
    segment = struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
    return jpeg[:2] + segment + jpeg[2:]


def gif(frames: int = 1, *, size: tuple[int, int] = (4, 4), more: bytes = b"") -> bytes:
    width, height = size
    start = (
        b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff"
    )
    frame = (
        b"," + struct.pack("<HHHHB", 0, 0, 4, 4, 0) + b"\x02\x05\x84\x8f\xa9\x5a\0\0"
    )
    return start + more + frame * frames + b";"


def bmp() -> bytes:
    return image("BMP")


def exif(words: bytes) -> bytes:
    found = Image.Exif()
    found[0x010E] = words.decode("latin-1")  # what it shows
    found[0x9286] = words  # a comment
    found.get_ifd(0x8825)[1] = "N"  # where it was taken
    return bytes(found.tobytes())


def bomb(entries: int = 1) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(entries):
            target.writestr(f"{number}.txt", b"\0" * 10_000_000)
    return memory.getvalue()


def text_of(words: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", words)
    info.add_itxt("XML:com.adobe.xmp", words)
    info.add_text("Description", words, zip=True)
    return info


def behind() -> Iterator[Upload]:
    """True images of every kind with something behind them, in their papers, or in
    their name."""
    names = ("x.html", "x.svg", "x.php", "x.exe", "x", ".htaccess", "x.png.html")
    for ending, form in (("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")):
        name, plain = f"x.{ending}", image(form)
        tails = {"page": PAGE, "SVG": SVG, "PHP": PHP, "zip": bomb()}
        for what, tail in tails.items():
            yield Upload(f"{form} with a {what} behind it", name, plain + tail)
        profiled = image(form, icc_profile=SCRIPT * 9)
        yield Upload(f"{form} with a script in its profile", name, profiled)
        told = image(form, exif=exif(SCRIPT))
        yield Upload(f"{form} with a script in its EXIF", name, told)
        for odd in names:
            yield Upload(f"{form} called {odd}", odd, plain)


def inside() -> dict[str, bytes]:
    """True images with something in them that is no picture."""
    adobe, photoshop = b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
    circle = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    comment = b"!\xfe" + bytes([len(SCRIPT)]) + SCRIPT + b"\0"
    return {
        "texts of a PNG": image(pnginfo=text_of(SCRIPT.decode())),
        "unknown chunk": with_chunks(chunk(b"scRi", PAGE)),
        "broken profile": image(icc_profile=b"\0" * 64 + PAGE),
        "zeros behind it": image() + b"\0" * 10_000 + PAGE,
        "comment of a JPEG": image("JPEG", comment=SCRIPT),
        "XMP of a JPEG": jpeg_segment(0xE1, adobe + SVG),
        "Photoshop part": jpeg_segment(0xED, photoshop + PAGE),
        "unknown part": jpeg_segment(0xEA, PAGE),
        "EXIF of nonsense": jpeg_segment(0xE1, b"Exif\0\0MM\0*" + b"\xff" * 60 + MARK),
        "EXIF in a circle": jpeg_segment(0xE1, b"Exif\0\0" + circle + MARK),
        "comment of a GIF": gif(more=comment),
        "animation": gif(50) + MARK,
        "animation of 2,000 frames": gif(2_000) + MARK,
        "animated PNG": _animated("PNG") + MARK,
        "animated WebP": _animated("WEBP") + MARK,
        "sixteen bits": image(mode="I;16") + MARK,
        "one bit": image(mode="1") + MARK,
        "grey and holes": _grey_and_holes() + MARK,
        "grey": image("JPEG", mode="L") + MARK,
        "four inks": image("JPEG", mode="CMYK") + MARK,
    }


NAMES: Final = {
    "a path": "../../../../etc/cron.d/x.png",
    "a device": "\\\\host\\share\\CON.png",
    "a script": '"><img src=x onerror=alert(1)>.png',
    "a header": "x.png\r\nContent-Type: text/html",
    "five thousand letters": "x" * 5_000 + ".png",
    "letters that run back": "\u202egnp.exe",
}


def none() -> dict[str, bytes]:
    """Nothing of it is an image that we show."""
    return {
        "page": PAGE,
        "SVG": SVG,
        "SVG with a declaration": b'<?xml version="1.0"?>' + SVG,
        "SVG in UTF-16": SVG.decode().encode("utf-16"),
        "SVG packed": zlib.compress(SVG),
        "SVG that lists itself": _laughs(),
        "PHP": PHP,
        "nothing": b"",
        "a zero": b"\0",
        "zeros": b"\0" * 5_000,
        "script of a shell": b"#!/bin/sh\nid\n",
        "program": b"MZ\x90\0" + b"\0" * 200,
        "program of Linux": b"\x7fELF" + b"\0" * 200,
        "zip bomb": bomb(3),
        "PDF": b"%PDF-1.7\n/OpenAction alert(1)\n%%EOF",
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n(id) run\n",
        "BMP": image("BMP"),
        "TIFF": image("TIFF"),
        "icon": image("ICO"),
        "drawing": b"push graphic-context\nfill 'url(https://example.org/\"|id\")'\n",
        "list of a player": b"#EXTM3U\nfile:///etc/passwd\n",
        "page after a GIF's name": b"GIF89a/*" + PAGE + b"*/=alert(1)//",
        "script with a GIF's name": b"GIF89a=1;alert(1)//",
    }


def damaged() -> dict[str, bytes]:
    """They begin as images do."""
    found = {
        "beginning of a JPEG": b"\xff\xd8\xff\xe0" + SCRIPT,
        "beginning of a PNG": b"\x89PNG\r\n\x1a\n" + PAGE,
        "beginning of a WebP": b"RIFF\x24\0\0\0WEBPVP8 " + PAGE,
        "no end": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR",
        "4 billion points": header(65_535, 65_535),
        "2^62 points": header(2**31 - 1, 2**31 - 1),
        "a line of 2 billion": header(2**31 - 1, 1),
        "a little too large": header(4_000, 4_001),
        "no point": header(0, 0),
        "many bits": header(9, 9, depth=99, colour=77),
        "16 million points of nothing": header(4_000, 4_000),
        "GIF of 4 billion points": gif(size=(65_535, 65_535)),
        "text that is a bomb": _packed_text(),
        "more than we take": image() + b"\0" * (8 * 1024 * 1024),
    }
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = image(form, size=(200, 150))
        for part in (12, len(whole) // 3):
            found[f"{form} cut at {part}"] = whole[:part]
    return found


def _animated(form: str) -> bytes:
    memory = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), shade) for shade in ("red", "teal", "black")]
    frames[0].save(memory, form, save_all=True, append_images=frames[1:])
    return memory.getvalue()


def _grey_and_holes() -> bytes:
    memory = io.BytesIO()
    Image.new("LA", (8, 8), (90, 10)).save(memory, "PNG")
    return memory.getvalue()


def _laughs() -> bytes:
    lines = "".join(
        f'<!ENTITY a{deep} "{f"&a{deep - 1};" * 10}">' for deep in range(1, 10)
    )
    return f'<!DOCTYPE svg [<!ENTITY a0 "ha">{lines}]><svg>&a9;</svg>'.encode()


def _packed_text() -> bytes:
    bombed = b"Comment\0\0" + zlib.compress(b"\0" * 60_000_000, 9)
    return with_chunks(*[chunk(b"zTXt", bombed)] * 3)


TAKEN: Final = [
    *behind(),
    *(Upload(why, "x.png", content) for why, content in inside().items()),
    *(Upload(f"named by {why}", name, image() + MARK) for why, name in NAMES.items()),
]
REFUSED: Final = [
    Upload(f"{why}, called {name}", name, content)
    for why, content in (none() | damaged()).items()
    for name in ("x.png", "x.svg")
]
