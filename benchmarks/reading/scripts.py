"""What is told of scripts that can't be read: ``python -m benchmarks.reading.scripts [FOLDER]``.

Nothing should be. For each script a page of six lines, each line alone, and each line's first words
alone, as on a button, are compared with the same after a change of words. A claim is wrong if its
characters don't stand there. The fonts are Debian's fonts-noto-core, fonts-noto-cjk, fonts-nanum,
fonts-ipafont-gothic and fonts-wqy-microhei, installed or unpacked below FOLDER, besides
fonts-dejavu.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from imgdiff import Image, Settings, align
from imgdiff.reading import read_regions

Picture = NDArray[np.uint8]

_SIZES = (13, 18, 26)
_CJK = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")

SCRIPTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Greek": (("DejaVuSans.ttf", "DejaVuSerif.ttf", "LiberationSans-Regular.ttf"), (
        "Η τιμή του προϊόντος άλλαξε χθες", "Η παραγγελία θα παραδοθεί αύριο",
        "Παρακαλούμε πληρώστε σε δύο εβδομάδες", "Ευχαριστούμε για την εμπιστοσύνη",
        "Το κατάστημα ανοίγει στις εννέα", "Επικοινωνήστε μαζί μας σήμερα")),
    "Russian": (("DejaVuSans.ttf", "DejaVuSerif.ttf", "LiberationSans-Regular.ttf"), (
        "Общая сумма заказа составляет тысячу", "Доставка ожидается на следующей неделе",
        "Оплатите счёт в течение двух недель", "Благодарим вас за доверие к нам",
        "Магазин открывается в девять утра", "Свяжитесь с нами уже сегодня")),
    "Ukrainian": (("DejaVuSans.ttf", "DejaVuSerif.ttf"), (
        "Загальна сума замовлення становить", "Доставка очікується наступного тижня",
        "Сплатіть рахунок протягом двох тижнів", "Дякуємо за довіру до нашої крамниці",
        "Крамниця відчиняється о дев'ятій", "Зв'яжіться з нами вже сьогодні")),
    "Japanese": (("ipag.ttf", "ipagp.ttf", *_CJK), (
        "ご注文の合計は次のとおりです", "商品は来週お届けする予定です",
        "二週間以内にお支払いください", "いつもご利用ありがとうございます",
        "お店は九時に開きます", "今日こちらへご連絡ください")),
    "Korean": (("NanumGothic.ttf", "NanumMyeongjo.ttf", *_CJK), (
        "주문하신 총 금액은 다음과 같습니다", "상품은 다음 주에 도착할 예정입니다",
        "이 주일 안에 결제해 주십시오", "이용해 주셔서 감사합니다",
        "가게는 아홉 시에 문을 엽니다", "오늘 바로 연락해 주세요")),
    "Arabic": (("DejaVuSans.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Regular.ttf"), (
        "المبلغ الإجمالي للطلب هو", "سيتم التسليم في الأسبوع المقبل",
        "يرجى الدفع خلال أسبوعين", "شكرا لكم على ثقتكم بنا",
        "يفتح المتجر في الساعة التاسعة", "اتصلوا بنا اليوم")),
    "Hebrew": (("DejaVuSans.ttf", "NotoSansHebrew-Regular.ttf"), (
        "הסכום הכולל של ההזמנה הוא", "המשלוח צפוי להגיע בשבוע הבא",
        "נא לשלם בתוך שבועיים", "תודה על האמון שלכם בנו",
        "החנות נפתחת בשעה תשע", "צרו איתנו קשר היום")),
    "Hindi": (("NotoSansDevanagari-Regular.ttf", "NotoSerifDevanagari-Regular.ttf"), (
        "आपके आदेश की कुल राशि यह है", "सामान अगले सप्ताह पहुँचेगा",
        "कृपया दो सप्ताह में भुगतान करें", "आपके विश्वास के लिए धन्यवाद",
        "दुकान नौ बजे खुलती है", "आज ही हमसे संपर्क करें")),
    "Thai": (("NotoSansThai-Regular.ttf", "NotoSerifThai-Regular.ttf"), (
        "ยอดรวมของคำสั่งซื้อคือ", "สินค้าจะถึงในสัปดาห์หน้า",
        "โปรดชำระเงินภายในสองสัปดาห์", "ขอบคุณที่ไว้วางใจเรา",
        "ร้านเปิดเวลาเก้านาฬิกา", "ติดต่อเราวันนี้")),
    "traditional Chinese": (("wqy-microhei.ttc", *_CJK), (
        "本合約自雙方簽署之日起生效", "貨物將於下週送達指定地點",
        "請於兩週之內完成付款", "感謝您對我們的信任與支持",
        "商店於上午九點開門營業", "請於今天與我們聯絡")),
    "German": (("DejaVuSans.ttf", "LiberationSerif-Regular.ttf"), (
        "Der Gesamtbetrag Ihrer Bestellung ist", "Die Lieferung kommt in der nächsten Woche",
        "Bitte zahlen Sie innerhalb von zwei Wochen", "Vielen Dank für Ihr Vertrauen in uns",
        "Das Geschäft öffnet morgens um neun", "Rufen Sie uns heute noch an")),
}  # fmt: skip
"""Fonts, and lines; German, which can be read, to see that it is."""


def main(folder: str) -> None:
    """Print the table."""
    roots = (Path("/usr/share/fonts"), *map(Path, filter(None, [folder])))
    files = {path.name: path for root in roots for path in root.rglob("*.tt[fc]")}
    print("| script | fonts | page: told, wrong | lines: told, wrong | labels: told, wrong |")
    print("|---|---|---|---|---|")
    for name, (fonts, lines) in SCRIPTS.items():
        known = [files[font] for font in fonts if font in files]
        found: Counter[str] = Counter()
        for font in known:
            for size in _SIZES:
                for kind, old, new in _cases(lines):
                    found.update(_told(kind, old, new, ImageFont.truetype(str(font), size)))
        cells = [f"{found[kind]}, {found[f'{kind} wrong']}" for kind in ("page", "line", "label")]
        print(f"| {name} | {len(known)} | {' | '.join(cells)} |", flush=True)


def _cases(lines: tuple[str, ...]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Pages, lines and labels before and after: every other one is replaced by its neighbour."""
    other = [line if number % 2 else lines[number - 1] for number, line in enumerate(lines)]
    yield "page", [*lines], other
    for number, line in enumerate(lines):
        half = len(line) // 2
        yield "line", [line], [line[:half] + lines[number - 1][half:]]
        yield "label", [_label(line)], [_label(lines[number - 1])]


def _label(line: str) -> str:
    return line.split(maxsplit=1)[0] if " " in line else line[:4]


def _told(kind: str, old: list[str], new: list[str], font: ImageFont.FreeTypeFont) -> Iterator[str]:
    pictures = [_drawn(lines, font) for lines in (old, new)]
    pair = align(*(Image(picture, None, "page") for picture in pictures), motion="none")
    errors = np.zeros(pictures[0].shape[:2], np.float32)
    texts = ["".join("".join(lines).split()) for lines in (old, new)]
    for region in read_regions(pair, (), errors, Settings(read="page")).regions:
        for word in region.text.words if region.text else ():
            yield kind
            words = ["".join(side.split()) for side in (word.before, word.after)]
            if any(word not in text for word, text in zip(words, texts, strict=True)):
                yield f"{kind} wrong"


def _drawn(lines: list[str], font: ImageFont.FreeTypeFont) -> Picture:
    step = round(2 * font.size)
    canvas = Pictures.new("RGB", (round(30 * font.size) + 60, step * len(lines) + 40), "white")
    draw = ImageDraw.Draw(canvas)
    for number, line in enumerate(lines):
        draw.text((30, 20 + step * number), line, font=font, fill=(32, 36, 44))
    return np.asarray(canvas)


if __name__ == "__main__":
    main(*sys.argv[1:], *[""][len(sys.argv) - 1 :])
