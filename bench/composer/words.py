"""Copy in fifteen languages for the composer's benches: a long line, what makes it longer still, and a call."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """Two sentences, together near the limit of a line of copy in most languages, and a call to action."""

    first: str
    second: str
    call: str


WORDS: Final[dict[str, Words]] = {
    "en": Words(
        "Save more when you book before the last train leaves for the north this winter",
        "Breakfast, bedding and a window seat are always included, and children under twelve travel free from €89",
        "Book now",
    ),
    "de": Words(
        "Zwischen Weihnachtsmarkt und Skihütte liegt nur eine einzige Nachtzugfahrt quer durch Europa",
        "Reiserücktrittsversicherung, Frühstück und Sitzplatzreservierung sind immer schon im Preis ab 89 € dabei",
        "Jetzt buchen",
    ),
    "fr": Words(
        "Partez plus loin cet hiver avec les trains de nuit au départ de quatre grandes villes",
        "Petit-déjeuner, draps et place côté fenêtre sont toujours compris : dès 89 € pour toute la famille",
        "Réserver",
    ),
    "es": Words(
        "Viaja más lejos este invierno con los trenes nocturnos que salen de cuatro ciudades",
        "El desayuno, la cama y el asiento junto a la ventana siempre están incluidos desde 89 € por persona",
        "Reservar",
    ),
    "pt": Words(
        "Viaje mais longe neste inverno com os trens noturnos que partem de quatro cidades",
        "Café da manhã, roupa de cama e assento na janela estão sempre incluídos a partir de R$ 399 por pessoa",
        "Reserve agora",
    ),
    "ru": Words(
        "Ночные поезда из четырёх городов этой зимой увезут вас туда где сияет северное небо",
        "Завтрак, постельное бельё и место у окна всегда входят в стоимость билета от 4 900 ₽ на человека",
        "Выбрать",
    ),
    "uk": Words(
        "Нічні потяги з чотирьох міст цієї зими відвезуть вас туди де сяє північне небо",
        "Сніданок, постільна білизна та місце біля вікна завжди входять у вартість квитка від 1 900 ₴",
        "Обрати",
    ),
    "el": Words(
        "Ταξιδέψτε πιο μακριά αυτόν τον χειμώνα με τα νυχτερινά τρένα από τέσσερις πόλεις",
        "Το πρωινό, τα σεντόνια και η θέση στο παράθυρο περιλαμβάνονται πάντα στην τιμή από 89 €",
        "Κράτηση",
    ),
    "ja": Words(
        "この冬は四つの街から出る夜行列車に乗って遠い北の国のオーロラを見に行きませんか",
        "朝食も寝具も窓側の席もすべて料金に含まれています。お一人さま9,800円から、お子さまは無料です。",
        "予約する",
    ),
    "zh": Words(
        "这个冬天从四座城市坐上夜行列车去遥远的北方看一场难忘的极光和静静的雪原吧",
        "早餐、床品和靠窗座位全部包含在票价里，每人¥599起，十二岁以下儿童免费同行。",
        "立即预订",
    ),
    "ko": Words(
        "올겨울 네 도시에서 출발하는 야간열차를 타고 머나먼 북쪽 나라의 오로라를 보러 가세요",
        "아침 식사와 침구, 창가 좌석까지 모두 요금에 들어 있으며 1인 ₩89,000부터 시작합니다",
        "예약하기",
    ),
    "ar": Words(
        "سافر أبعد هذا الشتاء مع القطارات الليلية التي تنطلق كل مساء من أربع مدن كبيرة",
        "الإفطار وأغطية السرير والمقعد بجانب النافذة مشمولة دائمًا في السعر ابتداءً من 89 € للشخص",
        "احجز الآن",
    ),
    "he": Words(
        "החורף נוסעים רחוק יותר ברכבות הלילה שיוצאות בכל ערב מארבע ערים גדולות אל הצפון",
        "ארוחת הבוקר, המצעים והמושב ליד החלון תמיד כלולים במחיר החל מ־₪349 לאדם",
        "להזמנה",
    ),
    "hi": Words(
        "इस सर्दी चार शहरों से चलने वाली रात की रेलगाड़ियों में बैठकर उत्तर की रोशनी देखने चलिए",
        "नाश्ता, बिस्तर और खिड़की वाली सीट हमेशा किराये में शामिल हैं, प्रति व्यक्ति ₹4,999 से",
        "अभी बुक करें",
    ),
    "th": Words(
        "ฤดูหนาวนี้ออกเดินทางไกลกว่าเดิมด้วยรถไฟกลางคืนจากสี่เมืองใหญ่ไปชมแสงเหนือ",
        "อาหารเช้า เครื่องนอน และที่นั่งริมหน้าต่างรวมอยู่ในราคาเสมอ เริ่มต้นเพียง ฿1,990 ต่อคน",
        "จองตอนนี้",
    ),
}
RIGHT_TO_LEFT: Final = frozenset({"ar", "he"})
UNSPACED: Final = frozenset({"ja", "zh", "th"})


def cut(language: str, share: float) -> str:
    """The first words of both sentences: `share` (0 to 1) of them, but two at least."""
    text = " ".join(WORDS[language][:2]) if language not in UNSPACED else "".join(WORDS[language][:2])
    if language not in UNSPACED:
        pieces = text.split()
        return " ".join(pieces[: max(round(share * len(pieces)), 2)])
    end = max(round(share * len(text)), 8)
    while end < len(text) and _clings(text[end]):
        end += 1
    return text[:end].strip()


def _clings(character: str) -> bool:
    """Whether `character` is a Thai vowel or tone mark that a text cannot be cut before."""
    return "\u0e30" <= character <= "\u0e3a" or "\u0e45" <= character <= "\u0e4e"
