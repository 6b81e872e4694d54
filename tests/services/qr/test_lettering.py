"""Words of frames in all scripts, against a shaper that is not HarfBuzz: resvg's."""

import io
from pathlib import Path

import pytest
import resvg_py
from PIL import Image, ImageChops, ImageStat

from scanly.services.qr.rendering import lettering
from scanly.services.qr.rendering.breaking import lines
from scanly.services.qr.rendering.direction import runs
from scanly.services.qr.rendering.lettering import Line, language_of, shape
from scanly.services.qr.rendering.typefaces import by_typeface, uncovered

FONTS = sorted(str(path) for path in (Path(lettering.__file__).parent / "fonts").glob("*.?tf"))
WORDS = {
    "Latin": "Scan to pay",
    "Greek": "Σαρώστε εδώ",
    "Cyrillic": "Сканируйте",
    "Devanagari": "स्कैन करें",
    "Bengali": "স্ক্যান করুন",
    "Gujarati": "સ્કેન કરો",
    "Gurmukhi": "ਸਕੈਨ ਕਰੋ",
    "Tamil": "ஸ்கேன் செய்",
    "Telugu": "స్కాన్ చేయండి",
    "Kannada": "ಸ್ಕ್ಯಾನ್ ಮಾಡಿ",
    "Malayalam": "സ്കാൻ ചെയ്യുക",
    "Odia": "ସ୍କାନ୍ କରନ୍ତୁ",
    "Sinhala": "ස්කෑන් කරන්න",
    "Arabic": "امسح الرمز",
    "Urdu": "یہاں اسکین کریں ٹھیک ڑ",
    "Persian": "اینجا را اسکن کنید گپ",
    "Pashto": "دلته سکین کړئ ښځې",
    "Hebrew": "סרקו כאן",
    "Thai": "สแกนที่นี่",
    "Lao": "ສະແກນທີ່ນີ້",
    "Khmer": "ស្កេននៅទីនេះ",
    "Myanmar": "ဤနေရာကိုစကင်ဖတ်ပါ",
    "Georgian": "დაასკანერეთ",
    "Armenian": "Սկանավորեք",
    "Ethiopic": "እዚህ ይቃኙ",
    "Tibetan": "འདིར་བཤེར།",
    "Japanese": "ここをスキャンして注文",
    "Korean": "여기를 스캔하세요",
    "Emoji": "📱☕🍕",
}


def by_resvg(text: str) -> Image.Image:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2400 300"><text x="50" y="200" font-size="100" '
        f'font-family="Noto Sans" font-weight="bold">{text}</text></svg>'
    )
    return ink_of(svg, FONTS)


def by_us(line: Line) -> Image.Image:
    drawn = ""
    for glyph, x, y in line.placed:
        for start, steps in glyph.contours:
            drawn += f"M{start[0] + x} {start[1] + y}"
            for step in steps:
                points = " ".join(f"{value + (y if place % 2 else x)}" for place, value in enumerate(step))
                drawn += f"{'C' if len(step) > 2 else 'L'}{points}"
            drawn += "Z"
    path = f'<path transform="translate(50 80) scale(136)" d="{drawn}"/>'
    return ink_of(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2400 300">{path}</svg>', None)


def ink_of(svg: str, fonts: list[str] | None) -> Image.Image:
    png = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=fonts, width=2400, dpi=96, background="#ffffff"
    )
    image = ImageChops.invert(Image.open(io.BytesIO(bytes(png))).convert("L"))
    return image.crop(image.getbbox())


def same(ours: Image.Image, theirs: Image.Image) -> bool:
    """Whether two words look alike: as long for their height, and hardly a point in one of them only."""
    if abs(ours.width / ours.height - theirs.width / theirs.height) > 0.02 * theirs.width / theirs.height:
        return False
    size = (theirs.width // 2, theirs.height // 2)
    apart = ImageChops.difference(ours.resize(size), theirs.resize(size))
    return ImageStat.Stat(apart).mean[0] < 0.12 * ImageStat.Stat(theirs).mean[0]


@pytest.mark.parametrize("script", WORDS)
def test_each_script_is_shaped_as_another_shaper_shapes_it(script: str) -> None:
    text = WORDS[script]
    assert uncovered(text) == ""
    assert same(by_us(shape(text)), by_resvg(text))


def test_words_that_are_not_alike_are_told_apart() -> None:
    assert not same(by_us(shape("ស្កេន")), by_resvg("ស្កានេ"))


@pytest.mark.parametrize("text", ["Café メニュー", "امسح 24 رمز", "Scan امسح الرمز now", "خصم 50% اليوم"])
def test_lines_of_several_scripts_stand_as_elsewhere(text: str) -> None:
    assert same(by_us(shape(text)), by_resvg(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", ["abc"]),
        ("אבג", ["אבג"]),
        ("Scan אב 12 גד now", ["Scan ", " גד", "12", "אב ", " now"]),
        ("אב Scan me גד", [" גד", "Scan me", "אב "]),
        ("מחיר 1,250.50 ש", [" ש", "1,250.50", "מחיר "]),
        ("خصم 50% اليوم", ["% اليوم", "50", "خصم "]),
        ("+91 98 אב", [" אב", "98", " ", "91", "+"]),
    ],
)
def test_two_directions_in_one_line(text: str, shown: list[str]) -> None:
    assert "".join(part for part, _ in runs(text)) == "".join(shown)


def test_chinese_signs_have_the_shapes_of_their_region() -> None:
    assert [language_of(text) for text in ("扫描二维码", "掃描菜單", "メニュー直", "메뉴 直", "営業中", "Scan")] == [
        "zh-hans",
        "zh-hant",
        "ja",
        "ko",
        "ja",
        "und",
    ]
    drawn = {shape("骨直", language).placed[0].glyph.contours for language in ("zh-hans", "zh-hant", "ja")}
    assert len(drawn) > 1


def test_emoji_of_several_characters_are_one_sign() -> None:
    for text in ("👍🏽", "👨‍👩‍👧", "🇮🇳", "❤️"):
        assert uncovered(text) == ""
        assert len(shape(text).placed) == 1, text
    assert [face.name for face, _ in by_typeface("☎ 123 Café")][-1] == "NotoSans-Bold.ttf"


def test_what_no_font_has_is_named() -> None:
    assert uncovered("Scan 𓀀 me 𒀀𓀀") == "𓀀𒀀"
    assert uncovered("1\u20e3") == "\u20e3"  # the font has an empty key


@pytest.mark.parametrize(
    "text",
    [
        "扫描二维码查看我们的菜单",
        "ここをスキャンしてメニューを見る。",
        "สแกนเพื่อดูเมนูอาหารของเรา",
        "ສະແກນເພື່ອເບິ່ງເມນູອາຫານ",
        "ស្កេនដើម្បីមើលបញ្ជីមុខម្ហូប",
        "မီနူးကြည့်ရန်စကင်ဖတ်ပါ",
    ],
)
def test_long_words_without_spaces_are_cut_near_the_middle(text: str) -> None:
    first, second = lines(text)
    assert first + second == text
    assert abs(shape(first).width - shape(second).width) < 0.35 * shape(text).width
    assert len(shape(first).placed) + len(shape(second).placed) == len(shape(text).placed)  # no cluster is torn


def test_where_lines_are_never_cut() -> None:
    assert lines("Scan me to see the menu") == ["Scan me to", "see the menu"]
    assert lines("扫描二维码") == ["扫描二维码"]
    for text in (
        "あああああああ。あああああああ",
        "ああああああ「ああああああああ",
        "ああああああキャああああああああ",
    ):
        first, second = lines(text)
        assert second[0] not in "。ャ"
        assert first[-1] != "「"
