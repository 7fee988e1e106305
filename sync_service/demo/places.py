"""The invented county: its townships and their villages. Province code 99 does not exist, so no real person is hit."""

from sync_service.settings import BUREAU_CODE, BUREAU_NAME
from workbook_templates.place import County, Township

# Within a township no village is one character away from another: a misspelt one must be recognisable.
_VILLAGES = {
    "城关镇": "东风村 红旗社区 柳林村 双井村 槐树村 西关社区 大桥村 马场村",
    "东岭镇": "前进村 石佛村 高庙村 金沟村 杏花村 南坡村 白塔村",
    "柳河镇": "河湾村 胜利村 枣园村 王家集村 曹店村 青龙村 平安社区",
    "石桥镇": "石桥村 新民村 桃源村 孙庄村 竹林村 团结村 古井村",
    "云台乡": "云台村 松岗村 茶坪村 梨树村 黄泥村 上坝村",
    "沙河镇": "沙河村 光明村 渡口村 芦苇村 赵营村 五里村 永安社区",
    "双塔乡": "双塔村 莲花村 周湾村 官渡村 栗山村 清水村",
    "长岗镇": "长岗村 兴隆村 牌坊村 何寨村 榆钱村 丰收村 北街社区",
    "太平镇": "太平村 幸福村 刘圩村 银杏村 方塘村 建设村 和谐社区",
    "凤山乡": "凤山村 麻柳村 岩头村 罗汉村 仙人村 毛竹村",
    "安丰镇": "安丰村 卫星村 吴桥村 荷叶村 向阳村 中心社区 龙窝村",
    "大湖乡": "大湖村 渔港村 芡实村 沈堤村 水产村 鹅池村",
}

COUNTY = County("990101", "清河县", tuple(_VILLAGES))

TOWNSHIPS = tuple(
    Township(COUNTY, f"{COUNTY.code}{number:03d}", name, tuple(villages.split()))
    for number, (name, villages) in enumerate(_VILLAGES.items(), 1)
)
"""The county's twelve townships."""

BUREAU = Township(
    COUNTY, COUNTY.code + BUREAU_CODE, BUREAU_NAME,
    tuple(township.name + village for township in TOWNSHIPS for village in township.villages), "county",
)  # fmt: skip
"""The county's bureau, which keeps a workbook of its own."""
