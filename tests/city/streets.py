"""
The made-up map: which road and house number a position of Huli has, what landmark is near, and the names of what stands there. Roads run east and
west, one in a band of 210 m, each 2 km long, a house every twelve metres on both sides; around a camera the road or landmark is that of its registry.
"""

import math

import geo

WEST, SOUTH, EAST, NORTH = 118.085, 24.485, 118.185, 24.545
BAND, LENGTH, FRONT, MARKS_APART = 210.0, 2000.0, 12.0, 250.0       # metres
CAMERA_REACH = 120.0

STEMS = "枋湖 安岭 吕岭 嘉禾 金尚 仙岳 五缘 殿前 兴隆 华昌 蔡塘 县后 江村 后埔 坂尚 高崎 围里 寨上 神山 马垄 园山 祥店 穆厝 薛岭 双涵 县黄 钟宅 禾缘 湖边 古地 云顶 岭兜".split()
SIDES = ("", "南", "北", "东", "西", "一", "二")
MARKS = ("小学", "市场", "社区居委会", "公交站", "公园北门", "加油站", "卫生院", "天桥", "菜市场", "幼儿园")
BRANDS = ("阿明 鹭岛 闽南 老地方 金鼎 福兴 海丰 聚友 小木屋 蓝鲸 四季 好运来 同安 百味 顺达 佳佳 天天 山里人 三兄弟 老林 黄记 阿婆 城南 悦来 万家 品轩 一品 乐天 鸿运 "
          "水云间 大嘴 川渝 客家 清源 阿芳 双喜 红星 宝岛 海之味 金色年华 麦田 蜀香 银河 石头 小红楼 青竹 北辰 百合 和顺 春天 月光 东海 柠檬 晨光 木棉 南洋 彩虹 长青 龙腾").split()
TRADES = ("沙县小吃", "便利店", "药店", "快修店", "茶庄", "宾馆", "洗衣店", "打印店", "面馆", "水产行", "花店", "童装店", "眼镜店", "手机店")
ESTATES = ("金尚 海天 翠湖 东方 阳光 裕兴 福满 鹭江 国贸 特房 建发 联发 明发 禹洲 水晶 源昌 古龙 信达 金山 大唐 中航 万科 保利 首开 世茂 新景 夏商 永升 豪利 立信".split())
ESTATE_KINDS = ("花园", "小区", "公寓", "新村", "家园", "雅苑", "大厦")


class Streets:
    def __init__(self, random, cameras=()):
        self.random, self.cameras, self.used = random, cameras, []

    def locate(self, lon, lat):
        """road, number, mark: the same for the same position."""
        east, north = self._metres(lon, lat)
        band, part = int(north // BAND), int(east // LENGTH)
        turn = band * 7 + part * 11
        road = STEMS[turn % len(STEMS)] + SIDES[turn // len(STEMS) % len(SIDES)] + "路"
        number = 2 * int(east % LENGTH // FRONT) + 1 + (north % BAND > BAND / 2)
        cell = int(east // MARKS_APART) * 13 + int(north // MARKS_APART) * 5
        mark = STEMS[(turn + cell // 3) % len(STEMS)] + MARKS[cell % len(MARKS)]
        return self._seen(lon, lat, {"road": road, "number": number, "mark": mark})

    def _seen(self, lon, lat, place):
        for camera in self.cameras:
            if camera.place and geo.distance(lon, lat, camera.lon, camera.lat) < CAMERA_REACH:
                known = camera.place.split("街道")[-1]
                place["road" if known.endswith(("路", "道")) else "mark"] = known
        return place

    @staticmethod
    def _metres(lon, lat):
        return (lon - WEST) * geo.METRES * math.cos(math.radians(lat)), (lat - SOUTH) * geo.METRES

    def name(self, lon, lat, own, thing):
        """A name that nothing else within a kilometre has."""
        taken = {name for x, y, name in self.used if geo.distance(lon, lat, x, y) < 1000}
        while True:
            name = self._some(own, thing)
            if name not in taken:
                self.used.append((lon, lat, name))
                return name

    def _some(self, own, thing):
        if own:
            return self.random.choice(BRANDS) + thing[0]
        if self.random.random() < 0.5:
            return self.random.choice(BRANDS) + self.random.choice(TRADES)
        return "%s%s%d号楼" % (self.random.choice(ESTATES), self.random.choice(ESTATE_KINDS), self.random.randint(1, 24))
