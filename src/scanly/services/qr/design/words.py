"""The names of shapes, frames and formats in each language. What is named here can be chosen."""

from scanly.services.qr.words import Words

MODULE_SHAPES: dict[str, Words] = {
    "square": {"en": "Squares", "hi": "चौकोर"},
    "rounded": {"en": "Rounded", "hi": "गोल किनारे"},
    "extra_rounded": {"en": "Flowing", "hi": "बहते हुए"},
    "dots": {"en": "Dots", "hi": "बिंदु"},
    "small_dots": {"en": "Small dots", "hi": "छोटे बिंदु"},
    "classy": {"en": "Classy", "hi": "सजीला"},
    "tiles": {"en": "Tiles", "hi": "टाइल"},
    "pebbles": {"en": "Pebbles", "hi": "कंकड़"},
    "mosaic": {"en": "Mosaic", "hi": "पच्चीकारी"},
    "leaf": {"en": "Leaves", "hi": "पत्ते"},
    "diamond": {"en": "Diamonds", "hi": "हीरे"},
    "star": {"en": "Stars", "hi": "तारे"},
    "plus": {"en": "Crosses", "hi": "धन चिह्न"},
    "vertical": {"en": "Upright bars", "hi": "खड़ी पट्टियाँ"},
    "horizontal": {"en": "Level bars", "hi": "आड़ी पट्टियाँ"},
    "connected": {"en": "Connected dots", "hi": "जुड़े बिंदु"},
}
EYE_FRAMES: dict[str, Words] = {
    "square": {"en": "Square", "hi": "चौकोर"},
    "rounded": {"en": "Rounded", "hi": "गोल किनारे"},
    "extra_rounded": {"en": "Very round", "hi": "बहुत गोल"},
    "circle": {"en": "Circle", "hi": "गोला"},
    "leaf": {"en": "Leaf", "hi": "पत्ता"},
    "drop": {"en": "Drop", "hi": "बूँद"},
    "tab": {"en": "One round corner", "hi": "एक गोल कोना"},
}
EYE_BALLS: dict[str, Words] = {
    "square": {"en": "Square", "hi": "चौकोर"},
    "rounded": {"en": "Rounded", "hi": "गोल किनारे"},
    "circle": {"en": "Circle", "hi": "गोला"},
    "leaf": {"en": "Leaf", "hi": "पत्ता"},
    "drop": {"en": "Drop", "hi": "बूँद"},
    "diamond": {"en": "Diamond", "hi": "हीरा"},
    "star": {"en": "Star", "hi": "तारा"},
}
OUTLINES: dict[str, Words] = {
    "square": {"en": "Square", "hi": "चौकोर"},
    "circle": {"en": "Round", "hi": "गोल"},
}
FRAMES: dict[str, Words] = {
    "banner_bottom": {"en": "Banner below", "hi": "नीचे पट्टी"},
    "banner_top": {"en": "Banner above", "hi": "ऊपर पट्टी"},
    "label": {"en": "Hanging label", "hi": "लटकता लेबल"},
    "border": {"en": "Thin line", "hi": "पतली रेखा"},
    "bubble_bottom": {"en": "Speech bubble below", "hi": "नीचे संवाद"},
    "bubble_top": {"en": "Speech bubble above", "hi": "ऊपर संवाद"},
    "ribbon": {"en": "Ribbon", "hi": "फ़ीता"},
    "caption": {"en": "Words only", "hi": "सिर्फ़ शब्द"},
}
FORMATS: dict[str, Words] = {
    "svg": {"en": "For websites and designers: sharp at any size.", "hi": "वेबसाइट और डिज़ाइनर के लिए: हर आकार में साफ़।"},
    "png": {"en": "For WhatsApp, Word and screens.", "hi": "WhatsApp, Word और स्क्रीन के लिए।"},
    "jpg": {"en": "For programs that take only photos; always on white.", "hi": "जहाँ सिर्फ़ फ़ोटो चलते हैं; हमेशा सफ़ेद पर।"},
    "webp": {"en": "For websites: smaller than PNG.", "hi": "वेबसाइट के लिए: PNG से छोटा।"},
    "pdf": {"en": "For printing, in the exact size.", "hi": "छपाई के लिए, ठीक उसी नाप में।"},
    "eps": {"en": "For print shops that ask for it.", "hi": "छपाई वाले माँगें तो।"},
}
