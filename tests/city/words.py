"""
What people say. A Kind is a category as people, cameras and clerks speak of it: `names` as the hotline's clerks file it (ours first, then
aliases), `label` what a camera calls it, `things` what a problem is about, each in several wordings (one thing for one problem, its wordings for
different reports), `own` that the thing itself has the proper name (a shop, a building site), otherwise the name is that of what it lies before,
`titles` and `texts` paraphrases, `also` the code and name under which a clerk files it by mistake, `lasting`: it stays for days, `pollution`:
what the environmental inspection's lists call it, `by`: the platforms that see every problem of this kind.
"""

from collections import namedtuple

Kind = namedtuple("Kind", "code names label things own titles texts details also lasting pollution by", defaults=(False, None, ()))

KINDS = (
    Kind("E0504", ("店外经营", "占道经营", "跨店经营"), "outstore",
         (("烧烤店", "烤串摊", "烧烤"), ("奶茶店", "饮品店"), ("五金店", "五金铺"), ("水果店", "卖水果的店"), ("海鲜大排档", "大排档"), ("理发店", "美发店")), True,
         ("{who}占道经营", "{at}{who}店外摆摊", "{who}把桌椅摆到人行道上", "{at}{who}跨店经营", "投诉{who}占用人行道"),
         ("{where}的{who}每天把桌子椅子摆到人行道，{detail}。", "{where}有家{who}，店外经营很久了，{detail}。", "{who}占道，货架伸出店门两米多，{detail}，位置在{where}。",
          "希望管一管{where}这里的{who}，门口人行道被占了一大半，{detail}。"),
         ("行人只能走机动车道", "东西摆满门口", "婴儿车过不去", "晚上更严重", "收摊后满地油污", "跟店主说了没用"), ("E0501", "流动摊贩"), True),
    Kind("E0501", ("无照经营游商", "流动摊贩", "游商"), "hawker",
         (("卖水果的三轮车", "水果三轮车", "卖香蕉芒果的三轮"), ("卖烤肠的小推车", "烤肠摊", "卖香肠的推车"), ("卖煎饼的摊子", "煎饼摊", "煎饼果子车"),
          ("卖袜子的地摊", "袜子摊", "卖袜子内衣的地摊"), ("卖海蛎煎的推车", "海蛎煎摊", "卖小吃海蛎煎的")), False,
         ("流动摊贩{who}", "{at}有{who}", "{at}{who}堵路", "{who}占道叫卖", "{at}流动摊点{who}无人管"),
         ("{where}有{who}，没有执照，{detail}。", "{where}都有{who}在那里叫卖，{detail}。", "{who}在{where}摆着，{detail}。", "流动经营的{who}，就在{where}，{detail}。"),
         ("把路口堵住了", "油污满地", "公交车进不了站", "赶走又来", "喇叭一直响", "放学时间最堵"), ("E0504", "占道经营")),
    Kind("E0102", ("暴露垃圾", "垃圾堆放", "垃圾无人清运"), "garbage",
         (("生活垃圾", "家庭垃圾"), ("装修垃圾袋", "装修袋装垃圾"), ("餐厨垃圾", "剩饭剩菜"), ("旧床垫和纸箱", "旧床垫", "废纸箱床垫"), ("泡沫箱", "白色泡沫箱子")), False,
         ("{who}无人清理", "{at}堆满{who}", "{at}垃圾外溢，都是{who}", "路边{who}发臭", "{at}{who}没人收"),
         ("{where}堆了很多{who}，{detail}。", "{where}的垃圾点满了，{who}堆到路上，{detail}。", "路边一大堆{who}，在{where}，{detail}，请环卫来清。",
          "{who}被丢在绿化带边上，{where}，{detail}。"),
         ("发臭，苍蝇很多", "好几天没人收", "有老鼠", "下雨流黑水", "挡住了人行道", "住户都有意见"), ("E0507", "乱堆放杂物"), True, "垃圾"),
    Kind("E0506", ("非机动车乱停放", "电动车乱停", "电动自行车违停"), "ebike",
         (("电动车", "电瓶车"), ("外卖电动车", "外卖骑手的车"), ("共享单车", "单车")), False,
         ("{who}乱停占盲道", "{at}{who}停满人行道", "{at}{who}违停", "出入口被{who}堵住"),
         ("{where}{who}停得乱七八糟，{detail}。", "人行道上一排{who}，{where}，{detail}。", "几十辆{who}堵着出入口，在{where}，{detail}。"),
         ("盲道全被占了", "轮椅过不去", "消防门打不开", "一天到晚都这样", "倒了一地"), ("E0505", "机动车违停")),
    Kind("E0406", ("道路积水", "路面积水"), "water",
         (("下水口堵塞", "雨水口堵了"), ("一下雨就积水", "逢雨必淹"), ("低洼处积水", "地势低积水")), False,
         ("{at}积水", "{at}{who}", "雨后{at}大面积积水，{who}", "{at}积水过脚踝"),
         ("{where}前面积水很深，{who}，{detail}。", "{where}路面积水，{who}，{detail}。", "路口积水没人排，{who}，在{where}，{detail}。"),
         ("电动车熄火了", "行人蹚水过马路", "小孩上学要绕路", "水漫进店里", "两天了还没退"), ("E0404", "下水道堵塞")),
    Kind("E0507", ("乱堆物料", "乱堆放杂物"), "material",
         (("沙石", "沙子石子"), ("钢管", "脚手架钢管"), ("建材", "建筑材料"), ("水泥砖块", "砖头水泥")), False,
         ("{who}堆在人行道", "{at}乱堆{who}", "{at}{who}占道", "工人把{who}堆路上"),
         ("{where}有人把{who}堆在人行道上，{detail}。", "{who}占了半条路，在{where}，{detail}。", "{where}堆着{who}，{detail}。"),
         ("晚上看不见很危险", "没有围挡", "好几天了", "三轮车都过不去", "刮风都是灰"), ("E0102", "垃圾堆放"), True),
    Kind("E0505", ("机动车乱停放", "机动车违停"), "vehicle",
         (("面包车", "五菱面包车"), ("小货车", "厢式货车"), ("白色轿车", "白色小车"), ("搅拌车", "水泥搅拌车")), False,
         ("{who}停在人行道", "{at}{who}违停", "{at}{who}挡住消防通道", "{who}堵住小区门口"),
         ("{who}停在{where}的人行道上，{detail}。", "{where}一辆{who}堵住消防通道，{detail}。", "{where}{who}乱停，{detail}。"),
         ("地砖都压坏了", "叫不到车主", "出不去", "停了一天一夜", "挡住了公交站"), ("E0107", "僵尸车")),
    Kind("E0302", ("工地扬尘", "扬尘污染"), None,
         (("地铁工地", "轨道施工"), ("旧改工地", "拆迁工地"), ("学校工地", "校舍施工"), ("道路改造工地", "修路工地")), True,
         ("{who}扬尘严重", "{at}{who}没有喷淋", "{who}尘土飞扬", "{at}{who}渣土未覆盖"),
         ("{where}的{who}没有覆盖裸土，{detail}。", "{where}{who}施工扬尘很大，{detail}。", "{who}的渣土露着，在{where}，{detail}。"),
         ("风一吹满天灰，窗户不敢开", "没有洒水", "灰尘进了家里", "渣土车出来不冲洗", "老人一直咳嗽"), ("E0112", "道路遗撒"), True, "扬尘"),
    Kind("E0508", ("商业噪音", "噪音扰民"), None,
         (("KTV", "唱歌房"), ("广场舞音响", "跳广场舞的"), ("促销喇叭", "叫卖喇叭"), ("酒吧", "清吧")), True,
         ("{who}噪音扰民", "{at}{who}太吵", "深夜{who}吵得睡不着", "{at}{who}音量过大"),
         ("{where}楼下{who}到半夜还很响，{detail}。", "{where}的{who}从早吵到晚，{detail}。", "{who}声音太大，住在{where}，{detail}。"),
         ("孩子没法睡", "投诉几次了", "受不了", "关窗都听得见", "马上要中考了"), ("E0301", "施工噪音"), True, "噪声"),
    Kind("E0110", ("道路破损", "路面破损"), None,
         (("一个大坑", "大坑洞"), ("井盖周边下沉", "井盖塌下去"), ("人行道地砖翘起", "地砖松动"), ("沥青开裂", "路面裂开")), False,
         ("{at}路面{who}", "{at}前{who}", "路面破损有{who}", "{who}摔了人"),
         ("{where}前面路上有{who}，{detail}。", "{where}{who}，{detail}。", "{who}，就在{where}的慢车道，{detail}。"),
         ("昨晚有人骑车摔倒", "下雨看不见", "车子颠得厉害", "老人走路绊倒", "越来越大"), ("E0401", "路面塌陷"), True),
    Kind("E0202", ("违章张贴悬挂广告牌匾", "违规户外广告"), None,
         (("开业横幅", "开业的红布条"), ("房产广告布", "卖房广告布"), ("灯箱招牌", "发光招牌"), ("招聘广告牌", "招工牌子")), True,
         ("违规悬挂{who}", "{at}挂{who}", "{at}{who}遮挡路灯", "{who}快掉下来"),
         ("{where}两棵树之间挂着{who}，{detail}。", "{where}外墙新挂的{who}没有审批吧？{detail}。", "{who}挂得很低，在{where}，{detail}。"),
         ("快掉下来了", "挡住了路牌", "晚上亮得刺眼", "风大很危险", "影响市容"), ("E0203", "占道广告牌"), True),
)

# The kinds of stories.py: of these there are problems only where the platforms beside the first four play too.
FUME = Kind("E0116", ("油烟污染", "油烟扰民", "餐饮油烟"), None,
            (("烧烤店", "烧烤摊", "烤肉店"), ("湘菜馆", "炒菜馆"), ("沙茶面馆", "沙茶面店"), ("火锅店", "火锅城")), True,
            ("{who}油烟扰民", "{at}{who}油烟直排", "{who}的油烟飘进家里", "投诉{who}油烟污染"),
            ("{where}的{who}油烟直排，{detail}。", "{where}楼下{who}没有油烟净化器，{detail}。", "{who}的烟囱对着居民楼，在{where}，{detail}。"),
            ("熏得不敢开窗", "晚饭时间最严重", "墙面都是油", "老人孩子咳嗽", "投诉过没有改"), ("E0510", "露天烧烤"), True, "油烟",
            ("dust", "petition", "urbanmgmt", "opinion", "enforcement"))
DUST = next(kind for kind in KINDS if kind.code == "E0302")._replace(by=("dust",))
BUILDING = Kind("E0101", ("私搭乱建", "违章搭建", "违法建设"), None,
                (("阳光房", "玻璃房"), ("天台加盖", "楼顶加建"), ("铁皮棚", "铁皮房"), ("露台封闭搭建", "封露台")), False,
                ("违章搭建{who}", "{at}{who}违建", "顶楼搭建{who}", "{at}有人加盖{who}"),
                ("{where}有人搭建{who}，{detail}。", "{where}的{who}是违建，{detail}。", "正在施工的{who}，在{where}，{detail}。"),
                ("挡住了采光", "楼下漏水", "电焊声音很大", "物业制止不了", "承重墙也动了"), ("E2116", "临时建筑工棚"), True, None,
                ("aerial", "residence", "petition", "enforcement", "urbanmgmt"))
TREE = Kind("E2107", ("倒伏树木", "树木倒伏"), None,
            (("榕树", "大榕树"), ("凤凰木", "凤凰树"), ("芒果树", "行道树芒果"), ("木棉", "木棉树")), False,
            ("{who}倒伏", "{at}{who}倒了", "台风后{who}压住车道", "{who}倒在路上"),
            ("{where}的{who}被风刮倒，{detail}。", "台风把{where}的{who}吹倒了，{detail}。", "{who}倒在{where}，{detail}。"),
            ("挡住了车道", "压到电动车", "树枝碰到电线", "公交车绕行", "行人过不去"), ("E0106", "绿地脏乱"), False, None, ("urbanmgmt", "opinion"))
BIKES = Kind("E2104", ("共享单车违停", "共享单车乱停放"), None,
             (("共享单车", "单车"), ("小黄车", "黄色单车"), ("小蓝车", "蓝色单车")), False,
             ("{who}堆在路口", "{at}{who}乱停放", "{who}堵住地铁口", "共享单车违停，{at}"),
             ("{where}停满了{who}，{detail}。", "{where}{who}堆成山，{detail}。", "{who}倒了一地，在{where}，{detail}。"),
             ("盲道被占", "没有人来清", "轮椅过不去", "出入口走不了人", "早晚高峰最多"), ("E0506", "非机动车乱停放"), False, None, ("bikes", "urbanmgmt"))
STALLS = Kind("E2119", ("摊规点/跨店经营超范围", "摊规点"), None,
              (("烧烤摊", "烤串摊"), ("水果摊", "卖水果的摊"), ("服装摊", "衣服摊"), ("小吃摊", "卖小吃的摊子")), False,
              ("摊规点{who}超出范围", "夜里{who}摆到车道上", "{at}{who}超范围经营", "摊规点外{who}占道"),
              ("{where}摊规点的{who}摆到了线外，{detail}。", "{where}夜市{who}超出划线，{detail}。", "{who}超范围摆摊，在{where}，{detail}。"),
              ("占了半条车道", "半夜还在吆喝", "收摊不清扫", "消防通道被堵", "每晚都这样"), ("E0501", "流动摊贩"), False, None, ("vendors", "urbanmgmt"))
RAIL = Kind("E2128", ("铁路沿线隐患", "铁路沿线安全隐患"), None,
            (("彩钢瓦", "彩钢板"), ("防尘网", "防尘布"), ("塑料薄膜", "薄膜大棚")), False,
            ("铁路沿线{who}未固定", "铁路边{who}会被风吹起", "{at}铁路旁堆{who}"),
            ("{where}铁路边的{who}没有固定，{detail}。", "铁路沿线{where}堆着{who}，{detail}。", "{who}离铁路很近，在{where}，{detail}。"),
            ("风大会飘到接触网上", "围网也破了", "列车经过时晃动", "没有人看管"), ("E0507", "乱堆物料"), True, None, ("railway",))
GATE = Kind("E2123", ("人脸/车辆预警", "车辆预警"), None,
            (("面包车", "五菱面包车"), ("小货车", "货车"), ("无牌摩托车", "无牌摩托")), False,
            ("城中村{who}长期停放", "{at}可疑{who}"), ("{where}村口有{who}，{detail}。", "{who}停在{where}，{detail}。"),
            ("好几天没有人开走", "堵住消防通道", "夜里才有人来"), ("E0505", "机动车违停"), False, None, ("village",))
STORY_KINDS = (FUME, DUST, BUILDING, TREE, BIKES, STALLS, RAIL, GATE)

OPENINGS = ("", "", "您好，", "市民来电反映：", "我要投诉，", "麻烦处理一下，")
ENDINGS = ("", "", "请尽快处理。", "谢谢！", "已经反映过一次了。", "希望有人来看看。")
UNITS = ("禾山中队", "江头中队", "湖里中队", "殿前中队", "金山中队")
COMMUNITIES = ("枋湖社区", "金安社区", "蔡塘社区", "县后社区", "江村社区", "殿前社区", "兴隆社区", "华昌社区")
CAMERA_CATEGORIES = {kind.label: kind.code for kind in KINDS if kind.label}

# How a place is told: nearly all tell which house or whose; a few only roughly where. The last column for things with a name of their own.
WHERE = ((30, "{road}{number}号{name}门口"), (14, "{road}{name}门口"), (12, "{name}旁边"), (8, "{mark}旁的{name}"), (6, "{name}对面"),
         (20, "{road}{number}号"), (6, "{road}{number}号旁边"), (4, "{mark}附近"))
WHERE_BARE = ((60, "{road}{number}号"), (30, "{road}{number}号旁边"), (10, "{mark}附近"))
WHERE_OWN = ((45, "{road}{number}号"), (20, "{road}"), (20, "{mark}旁边"), (15, "{road}靠近{mark}"))
AT = ((30, ""), (25, "{road}"), (20, "{name}"), (15, "{road}{number}号"), (10, "{mark}"))
AT_OWN = ((40, ""), (30, "{road}"), (20, "{road}{number}号"), (10, "{mark}"))
ADDRESS = ((50, "{road}{number}号"), (20, "{road}{number}号{name}"), (15, "{road}{name}"), (10, "{road}"), (5, "{mark}"))
TYPO, NAMELESS, MISFILED = 0.03, 0.22, 0.03     # shares of the reports: one character wrong, a thing's own name left out, filed under `also`


def pick(random, table):
    return random.choices([text for _, text in table], [weight for weight, _ in table])[0]


def _misspelt(random, name):
    """One character is another one that sounds alike."""
    at = random.randrange(2)
    return name[:at] + random.choice("鑫欣新心兴星") + name[at + 1:]


class Telling:
    """The title and the text of one report, and how it gives the address."""

    def __init__(self, random, kind, place):
        place = dict(place, name=_misspelt(random, place["name"]) if random.random() < TYPO else place["name"])
        named = kind.own and random.random() >= NAMELESS
        who = random.choice(place["thing"])
        place["who"] = place["name"] + (who if random.random() < 0.3 and who not in place["name"] else "") if named else who
        where = WHERE if not kind.own else WHERE_OWN if named else WHERE_BARE
        place["where"] = pick(random, where).format(**place)
        place["at"] = pick(random, AT_OWN if kind.own else AT).format(**place)
        place["detail"] = random.choice(kind.details)
        self.title = random.choice(kind.titles).format(**place)
        self.text = random.choice(kind.texts).format(**place)
        self.address = pick(random, ADDRESS).format(**place)
