"""Characters that are taken for one another because they look alike, when a name is copied from paper."""

from collections import defaultdict
from collections.abc import Mapping

_GROUPS = (
    "己已巳 未末 土士 千干于 日曰 王玉 天夭夫 太大犬 人入八 几凡 田由甲申 免兔 鸟乌 今令 全金 元无 牛午 旦亘 古占 石右 永水 "
    "戊戌戍成 侯候 准淮 冶治 冷泠 汪江 红洪江虹 样祥洋 清请情晴睛靖青 博搏傅 坚竖 晓绕浇 杨扬场 林材村 柏伯 权汉 锋峰烽蜂 "
    "钢铜 铃玲 均钧 朋明 阳阴 陈阵 部郭 玫玖 琪棋祺淇 琴芩 瑜渝谕榆 连莲 平萍苹 芳方 芬分 英央 勤勒 俊峻骏竣 伟纬 建健键 任仕 "
    "侠狭 延廷 达迭 远运 辛幸 友发 吉古 娟绢 媛缓 宁守 崇祟 帅师 彬林 徐涂 恒桓垣 敏每 昌晶 晨辰 朴补 梁粱 梅海 浩皓 涛寿 "
    "泽择 滨宾 潘番 炳柄 焕换 班斑 璐路 甫浦 福富 秀季李 科料 肖尚萧 良艮 菊掬 西酉茜 诚成城 谊宜 晖辉挥 邓邹 颖颍 鸣呜 "
    "雷需 顺须 宏弘 仁仨 岭峙 宋宗 振震 波坡 文又 斌武 芝艺 荣荥 祝祀 松枕"
)
"""Groups of characters of which the first thing that one sees is the same."""


def _looks() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in _GROUPS.split():
        for character in group:
            found[character] |= set(group)
    return {character: frozenset(alike) for character, alike in found.items()}


LOOKS: Mapping[str, frozenset[str]] = _looks()
"""The characters that one may be taken for, by character."""


def look_alike(a: str, b: str) -> bool:
    """Whether two names differ in one character only, by one that looks like it."""
    differing = [(x, y) for x, y in zip(a, b, strict=False) if x != y]
    return len(a) == len(b) and len(differing) == 1 and differing[0][1] in LOOKS.get(differing[0][0], ())
