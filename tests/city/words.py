"""
What people say. A Kind is a category as people, cameras and clerks speak of it: `names` as the hotline's clerks file it (ours first, then
aliases), `label` what a camera calls it, `things` what a problem is about (fixed for one problem), `titles` and `texts` paraphrases,
`lasting`: it stays for days, `pollution`: what the environmental inspection's lists call it.
"""

from collections import namedtuple

Kind = namedtuple("Kind", "code names label things titles texts lasting pollution", defaults=(False, None))

KINDS = (
    Kind("E0504", ("店外经营", "占道经营", "跨店经营"), "outstore", ("烧烤店", "奶茶店", "五金店", "水果店", "海鲜大排档", "理发店"),
         ("{thing}占道经营", "{road}{thing}店外摆摊", "{thing}把桌椅摆到人行道上", "{mark}旁{thing}跨店经营", "投诉{thing}占用人行道"),
         ("{road}{mark}附近的{thing}每天把桌子椅子摆到人行道，行人只能走机动车道。", "{mark}旁边有家{thing}，店外经营很久了，东西摆满门口。",
          "{thing}占道，货架伸出店门两米多，婴儿车过不去，位置在{road}{mark}。", "希望管一管{road}的{thing}，门口人行道被占了一大半。")),
    Kind("E0501", ("无照经营游商", "流动摊贩", "游商"), "hawker", ("卖水果的三轮车", "卖烤肠的小推车", "卖煎饼的摊子", "卖袜子的地摊", "卖海蛎煎的推车"),
         ("流动摊贩{thing}", "{road}有{thing}", "{mark}门口{thing}堵路", "{thing}占道叫卖", "{mark}流动摊点无人管"),
         ("{mark}门口有{thing}，没有执照，把路口堵住了。", "每天傍晚{road}{mark}都有{thing}在那里叫卖，油污满地。", "{thing}在{mark}旁边摆着，公交车进不了站。",
          "流动经营的{thing}，就在{road}，{mark}对面，赶走又来。")),
    Kind("E0102", ("暴露垃圾", "垃圾堆放", "垃圾无人清运"), "garbage", ("生活垃圾", "装修垃圾袋", "餐厨垃圾", "旧床垫和纸箱", "泡沫箱"),
         ("{thing}无人清理", "{mark}旁堆满{thing}", "{road}垃圾外溢", "路边{thing}发臭", "{mark}垃圾没人收"),
         ("{road}{mark}旁边堆了很多{thing}，发臭，苍蝇很多。", "{mark}的垃圾点满了，{thing}堆到路上好几天没人收。", "路边一大堆{thing}，在{mark}旁，请环卫来清。",
          "{thing}被丢在{road}的绿化带边上，靠近{mark}。"), True, "垃圾"),
    Kind("E0506", ("非机动车乱停放", "电动车乱停", "电动自行车违停"), "ebike", ("电动车", "外卖电动车", "电动自行车"),
         ("{thing}乱停占盲道", "{mark}{thing}停满人行道", "{road}{thing}违停", "出入口被{thing}堵住"),
         ("{mark}门口{thing}停得乱七八糟，盲道全被占了。", "{road}人行道上一排{thing}，轮椅过不去，靠近{mark}。", "几十辆{thing}堵着{mark}的出入口。")),
    Kind("E0406", ("道路积水", "路面积水"), "water", ("下水口堵塞", "一下雨就积水", "低洼处积水"),
         ("{road}积水", "{mark}路口{thing}", "雨后{road}大面积积水", "{mark}前积水过脚踝"),
         ("{road}{mark}前面积水很深，{thing}，电动车熄火了。", "{mark}附近路面积水，{thing}，行人蹚水过马路。", "路口积水没人排，{thing}，在{road}。")),
    Kind("E0507", ("乱堆物料", "乱堆放杂物"), "material", ("沙石", "钢管", "建材", "水泥砖块"),
         ("{thing}堆在人行道", "{road}乱堆{thing}", "{mark}旁{thing}占道", "工人把{thing}堆路上"),
         ("{road}{mark}旁有人把{thing}堆在人行道上，晚上看不见很危险。", "{thing}占了半条路，在{mark}边上，没有围挡。", "{mark}对面堆着{thing}好几天了。"), True),
    Kind("E0505", ("机动车乱停放", "机动车违停"), "vehicle", ("面包车", "小货车", "白色轿车", "搅拌车"),
         ("{thing}停在人行道", "{mark}{thing}违停", "{road}{thing}挡住消防通道", "{thing}堵住小区门口"),
         ("{thing}停在{mark}的人行道上，地砖都压坏了。", "{road}{mark}旁一辆{thing}堵住消防通道，叫不到车主。", "{mark}门口{thing}乱停，出不去。")),
    Kind("E0302", ("工地扬尘", "扬尘污染"), None, ("地铁工地", "旧改工地", "学校工地", "道路改造工地"),
         ("{thing}扬尘严重", "{road}{thing}没有喷淋", "{thing}尘土飞扬", "渣土未覆盖"),
         ("{mark}旁的{thing}没有覆盖裸土，风一吹满天灰，窗户不敢开。", "{road}{thing}施工扬尘很大，没有洒水。", "{thing}的渣土露着，靠近{mark}，灰尘进了家里。"), True, "扬尘"),
    Kind("E0508", ("商业噪音", "噪音扰民"), None, ("KTV", "广场舞音响", "促销喇叭", "酒吧"),
         ("{thing}噪音扰民", "{mark}{thing}太吵", "深夜{thing}吵得睡不着", "{road}{thing}音量过大"),
         ("{mark}楼下{thing}到半夜还很响，孩子没法睡。", "{road}的{thing}从早吵到晚，投诉几次了。", "{thing}声音太大，住在{mark}，受不了。"), True, "噪声"),
    Kind("E0110", ("道路破损", "路面破损"), None, ("一个大坑", "井盖周边下沉", "人行道地砖翘起", "沥青开裂"),
         ("{road}路面{thing}", "{mark}前{thing}", "路面破损有{thing}", "{thing}摔了人"),
         ("{road}{mark}前面路上有{thing}，昨晚有人骑车摔倒。", "{mark}门口{thing}，下雨看不见。", "{thing}，就在{road}靠近{mark}的慢车道。"), True),
    Kind("E0202", ("违章张贴悬挂广告牌匾", "违规户外广告"), None, ("开业横幅", "房产广告布", "灯箱招牌", "招聘广告牌"),
         ("违规悬挂{thing}", "{mark}挂{thing}", "{road}{thing}遮挡路灯", "{thing}快掉下来"),
         ("{road}两棵树之间挂着{thing}，快掉下来了，靠近{mark}。", "{mark}外墙新挂的{thing}没有审批吧？", "{thing}挂得很低，挡住了{mark}的路牌。"), True),
)

# Named places of the made-up map: road, then landmarks along it.
ROADS = {
    "枋湖南路": ("枋湖客运中心", "瑞景商业广场", "枋湖小学"), "安岭路": ("泰禾中央广场", "安岭花园", "卫生监督所旁"),
    "吕岭路": ("明发商业广场", "蔡塘广场", "吕岭花园"), "嘉禾路": ("县后BRT站", "SM城市广场", "江头市场"),
    "金尚路": ("金尚小区", "金安社区公园", "金尚中学"), "仙岳路": ("仙岳山隧道口", "松柏公园", "台湾街口"),
    "五缘湾道": ("五缘湾乐都汇", "湿地公园北门", "五缘实验学校"), "殿前一路": ("殿前市场", "长乐路口", "殿前社区居委会"),
    "兴隆路": ("兴隆社区", "东渡小学", "石鼓山立交"), "华昌路": ("华昌小区", "湖里公园", "华荣路口"),
}

COMMUNITIES = ("枋湖社区", "金安社区", "蔡塘社区", "县后社区", "江村社区", "殿前社区", "兴隆社区", "华昌社区")
OPENINGS = ("", "", "您好，", "市民来电反映：", "我要投诉，", "麻烦处理一下，")
ENDINGS = ("", "", "请尽快处理。", "谢谢！", "已经反映过一次了。", "希望有人来看看。")
UNITS = ("禾山中队", "江头中队", "湖里中队", "殿前中队", "金山中队")
CAMERA_CATEGORIES = {kind.label: kind.code for kind in KINDS if kind.label}


def say(random, forms, place):
    return random.choice(forms).format(**place)
