"""The invented city of mock.py: incidents of Huli with reports, reasons, twins and history. The same seed gives the same city."""

import datetime
import hashlib
import json
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PLATFORMS = [("p01", "12345 热线与市民渠道", "hotline"), ("p02", "信访", "petitions"), ("p03", "中央环保督察件", "environmental inspection"), ("p04", "数字城管", "urban management"),
             ("p05", "航摄图斑", "aerial survey"), ("p06", "气象与台风预警", "weather warnings"), ("p07", "扬尘与油烟在线监测", "dust and fume monitoring"),
             ("p08", "共享单车停放监管", "shared bicycles"), ("p09", "湖里城市大脑", "city brain"), ("p10", "铁路沿线高空 AI 监控", "railway cameras"), ("p11", "城中村平台", "urban villages"),
             ("p12", "网格化管理服务平台", "grid inspection"), ("p13", "流动摊贩信息库与摊规点", "vendor registry"), ("p14", "两违 360 全周期管控", "building control 360"),
             ("p15", "行政执法与广告审批", "law enforcement"), ("p16", "网络舆情", "public opinion")]
KINDS = [("E0504", "店外经营", "trading outside the shop", "沿街店铺占道经营", "多家店铺把桌椅和货物摆到人行道上，行人只能走到车行道，请尽快处理。", 30),
         ("E0505", "机动车乱停放", "illegal parking", "车辆占用人行道停放", "三辆小车停在人行道上，挡住盲道，老人推轮椅过不去。", 26),
         ("E0501", "无照经营游商", "hawker", "流动摊贩聚集", "傍晚起有七八个流动摊贩在路口摆摊，油烟很大，地上都是垃圾。", 22),
         ("E0102", "暴露垃圾", "exposed garbage", "垃圾堆放无人清运", "垃圾桶满了好几天没有人清运，垃圾堆到路边，天气热味道很大。", 20),
         ("E0110", "道路破损", "broken road", "路面坑洼", "路面有一个大坑，下雨积水看不见，已经有电动车摔倒。", 14),
         ("E0116", "油烟污染", "cooking fume", "餐饮油烟扰民", "楼下烧烤店油烟直排，晚上不敢开窗，已经投诉多次。", 14),
         ("E0301", "施工扰民", "construction noise", "夜间施工噪音", "工地半夜还在打桩，整栋楼都睡不着。", 12),
         ("E0302", "工地扬尘", "construction dust", "裸土未覆盖扬尘", "工地裸土没有覆盖，一刮风整条路都是灰。", 10),
         ("E0101", "私搭乱建", "illegal construction", "天台搭建铁皮房", "顶楼住户在天台搭建铁皮房，正在施工。", 8),
         ("E0401", "路面塌陷", "road collapse", "路面塌陷有空洞", "路面突然塌陷，下面有空洞，旁边就是公交站。", 3),
         ("E0406", "道路积水", "flooded road", "下穿通道积水", "下穿通道积水约三十厘米，车辆无法通行。", 4),
         ("E0403", "燃气管道破裂", "gas leak", "闻到燃气味", "小区门口施工挖到管道，有很重的燃气味。", 1)]
ROADS = [("枋湖南路", 118.1098, 24.5225, "350206003"), ("金湖路", 118.1262, 24.5118, "350206003"), ("嘉禾路", 118.1221, 24.4925, "350206004"), ("湖里大道", 118.0931, 24.5141, "350206001"),
         ("悦华路", 118.0972, 24.5188, "350206001"), ("台湾街", 118.1176, 24.4967, "350206004"), ("吕岭路", 118.1391, 24.4896, "350206004"), ("安岭路", 118.1432, 24.5178, "350206003"),
         ("园山南路", 118.1321, 24.4946, "350206004"), ("县黄路", 118.1224, 24.5279, "350206003"), ("兴隆路", 118.0886, 24.5066, "350206001"), ("五缘湾道", 118.1731, 24.5297, "350206005"),
         ("金山路", 118.1584, 24.4951, "350206005"), ("翔云一路", 118.1182, 24.5391, "350206002"), ("长浩路", 118.0985, 24.5362, "350206002"), ("埭辽路", 118.1352, 24.5241, "350206003")]
STATES = ["received"] * 3 + ["filed"] * 4 + ["dispatched"] * 4 + ["processing"] * 6 + ["verifying"] * 2 + ["suspended"]
SEVERITIES = {"E0403": "critical", "E0401": "critical", "E0406": "high", "E0110": "medium", "E0302": "medium", "E0101": "medium"}
ORGS = ["禾山中队", "江头中队", "殿前街道城管办", "金山街道环卫所", "湖里区市政园林中心", "区建设局"]
CHANNELS = {"p01": "电话", "p04": "监督员", "p09": "摄像机 HL-QP-017", "p12": "网格员巡查", "p16": "论坛"}
REASONS = [("prior", "", -1400, "基础分：附近的上报多数不是同一件事", "before any evidence: most reports near by are of other problems"),
           ("category", "same", 1850, "类别相同", "the same category"), ("distance", "36", 2310, "相距 36 米", "36 m apart"),
           ("age", "2 h", 640, "两者相隔 2 小时", "2 h between the two"), ("named", "0", 2120, "双方写明同一门牌或招牌", "both name one house or sign"),
           ("text", "0.42", 930, "全文相似 0.42", "words alike by 0.42"), ("reporter", "other", -310, "上报人不同", "another reporter"),
           ("density", "9", -520, "附近 9 件未结", "9 open near by")]


def ident(text):
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    digest = hashlib.sha256(text.encode()).digest()
    return "i-" + "".join(alphabet[byte % 32] for byte in digest[:26])


class City:
    def __init__(self, count):
        self.random = random.Random(7)
        self.known = {}
        self.texts = {}
        self.feed = 1000
        self.made = 0
        for _ in range(count):
            self.make(self.random.expovariate(1 / 420.0))
        self.twin()

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc)

    def stamp(self, minutes_ago=0.0):
        return (self.now() - datetime.timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def make(self, age, kind=None, title=None):
        pick = self.random
        self.made += 1
        self.feed += 1
        if kind is None:
            kind = pick.choices(KINDS, [each[5] for each in KINDS])[0]
        road, lon, lat, subdistrict = pick.choice(ROADS)
        number = pick.randrange(1, 320)
        reports = pick.choices([1, 2, 3, 5, 8], [58, 24, 11, 5, 2])[0]
        platforms = sorted(pick.sample(["p01", "p04", "p09", "p12", "p16", "p02", "p15", "p11"], min(reports, pick.randrange(1, 5))))
        incident_id = ident("huli %d" % self.made)
        limit = pick.choice([240, 480, 960, 1440, 2880])
        opened = self.stamp(age)
        state = pick.choice(STATES) if age > 20 else "received"
        base = "%s::case%05d" % (platforms[0], self.made)
        incident = {"incident": incident_id, "number": opened[:10].replace("-", "") + "-" + incident_id[2:10].upper(), "epoch": 1, "version": reports, "feed": self.feed, "change": "opened",
                    "at": self.stamp(age * 0.3), "zone": "350206", "state": state, "severity": SEVERITIES.get(kind[0], pick.choice(["low", "medium", "medium", "info", "low"])),
                    "category": {"code": kind[0], "name": kind[1]}, "title": title or kind[3],
                    "position": {"lon": lon + pick.gauss(0, 0.003), "lat": lat + pick.gauss(0, 0.0022), "radius_m": 25},
                    "place": {"address": "湖里区%s%d号" % (road, number), "subdistrict": subdistrict, "grid": "第%d网格" % pick.randrange(1, 12)},
                    "opened": opened, "updated": self.stamp(age * 0.3), "deadline": self.stamp(age - limit), "founding": base + ":1", "reports": reports, "platforms": platforms,
                    "newest": [], "rules": "sha256"}
        if state in ("dispatched", "processing", "verifying"):
            incident["assigned_to"] = {"org": pick.choice(ORGS), "by": "user:lin", "at": opened}
        self.known[incident_id] = incident
        self.texts[incident_id] = (kind, road, number)
        return incident

    def twin(self):
        """Some have suggested twins near by, of their own category."""
        groups = {}
        for each in self.known.values():
            groups.setdefault(each["category"]["code"], []).append(each)
        for group in groups.values():
            for one, other in zip(group[::7], group[1::7]):
                one["suggested"] = [{"incident": other["incident"], "score": 2100}]
                other["position"] = {"lon": one["position"]["lon"] + 0.0005, "lat": one["position"]["lat"] + 0.0003}

    def feature(self, incident):
        properties = {name: value for name, value in incident.items() if name != "position"}
        properties["limit"] = {"from": incident["opened"], "deadline": incident["deadline"], "light": "green"}
        position = incident.get("position")
        return {"type": "Feature", "id": incident["incident"], "properties": properties,
                "geometry": {"type": "Point", "coordinates": [position["lon"], position["lat"]]} if position else None}

    def page(self, query):
        states = query.get("state", "")
        closed = ("closed", "rejected", "void")
        found = [each for each in self.known.values() if "merged_into" not in each and (states != "open" or each["state"] not in closed)
                 and (states != "closed" or each["state"] in closed)]
        for word in query.get("q", "").split():
            found = [each for each in found if word in each["title"] + each["number"] + each["place"]["address"]]
        found.sort(key=lambda each: (each["updated"], each["incident"]), reverse=True)
        size, start = int(query.get("limit", 50)), int(query.get("after", 0))
        links = []
        if start + size < len(found):
            links.append({"rel": "next", "href": "/v1/collections/incidents/items?state=%s&limit=%d&after=%d" % (states, size, start + size)})
        some = found[start:start + size]
        return {"type": "FeatureCollection", "features": [self.feature(each) for each in some], "numberReturned": len(some), "numberMatched": len(found), "timeStamp": self.stamp(),
                "feed": self.feed, "links": links}

    def reports(self, incident):
        kind, road, number = self.texts[incident["incident"]]
        pick = random.Random(incident["incident"])
        starts = ["", "市民反映：", "巡查发现，", "网友发帖称"]
        ends = ["", "影响通行。", "希望尽快派人处理。", "已经好几天了。"]
        out = []
        for at in range(incident["reports"]):
            platform = incident["platforms"][at % len(incident["platforms"])]
            report = {"subject": "%s::case-%s-%d" % (platform, incident["incident"][2:8], at), "event": "%s::case-%s-%d:1" % (platform, incident["incident"][2:8], at), "founding": at == 0,
                      "active": True, "platform": platform, "channel": CHANNELS.get(platform, "系统"), "instance": platform, "state": incident["state"], "severity": incident["severity"],
                      "time": {"occurred": incident["opened"]}, "category": incident["category"], "title": kind[3], "revisions": 1 + at % 2,
                      "description": "%s%s%d号附近，%s%s" % (starts[at % 4], road, number, kind[4], ends[at % 4]), "place": {"address": "%s%d号" % (road, number + at % 2 * 2)},
                      "position": incident["position"], "link": {"event": "", "linked_at": incident["opened"], "decision": "new"}}
            if at > 0:
                reasons = [{"feature": name, "value": value, "points": points + pick.randrange(-200, 200), "words": {"zh": zh, "en": en}} for name, value, points, zh, en in REASONS]
                report["distance_m"] = 12 + at * 12
                report["link"] = {"event": "", "linked_at": incident["opened"], "linked_by": "rules", "decision": "join", "score": sum(each["points"] for each in reasons), "threshold": 2400,
                                  "doubtful": at == 3, "reasons": reasons,
                                  "refused": [{"incident": other["incident"], "number": other["number"], "title": other["title"], "score": 900}
                                              for other in list(self.known.values())[3:5]] if at == 1 else []}
            out.append(report)
        return out

    def detail(self, ident_, commands):
        incident = self.known.get(ident_)
        if not incident:
            return None
        reports = incident.get("own") or self.reports(incident)
        mine = [each for each in commands if each.get("incident") == ident_]
        history = [{"at": report["time"]["occurred"], "kind": "report", "platform": report["platform"], "title": report["title"], "subject": report["subject"], "event": report["event"],
                    "decision": report["link"]["decision"]} for report in reports]
        history += [{"at": incident["opened"], "kind": "version", "version": 1, "change": "opened", "state": "received", "cause": reports[0]["event"]}]
        if incident["version"] > 1:
            history += [{"at": incident["updated"], "kind": "version", "version": incident["version"], "change": "updated" if incident["change"] == "opened" else incident["change"], "state": incident["state"]}]
        if incident.get("assigned_to"):
            history += [{"at": incident["opened"], "kind": "command", "command": {"id": "cmd:0", "verb": "assign", "by": "user:lin", "at": incident["opened"], "note": "请当日处置"}}]
        history += [{"at": each["at"], "kind": "command", "command": each} for each in mine]
        suggested = []
        for twin in incident.get("suggested", []):
            other = self.known.get(twin["incident"])
            if other and "merged_into" not in other:
                suggested.append({"incident": other["incident"], "number": other["number"], "title": other["title"], "severity": other["severity"], "category": other["category"],
                                  "state": other["state"], "reports": other["reports"], "platforms": other["platforms"], "position": other["position"], "distance_m": 61, "score": twin["score"]})
        out = {"incident": {name: value for name, value in incident.items() if name != "own"}, "reports": reports, "suggested": suggested, "history": history, "commands": mine, "merged": []}
        if incident.get("merged_into"):
            out["merged_into"] = incident["merged_into"]
        return out

    def again(self, incident, change, **members):
        self.feed += 1
        incident.update(members, version=incident["version"] + 1, feed=self.feed, change=change, at=self.stamp(), updated=self.stamp())
        return dict(incident)

    def obey(self, data, command):
        verb, incident = data["verb"], self.known.get(data.get("incident") or data.get("incidents", [""])[0])
        states = {"assign": "dispatched", "dispatch": "dispatched", "dispose": "processing", "verify": "verifying", "close": "closed", "reopen": "received", "confirm": "filed", "reject": "rejected"}
        if verb == "merge":
            others = [self.known[each] for each in data["incidents"][1:]]
            changed = [self.again(other, "merged", merged_into=incident["incident"]) for other in others]
            survivor = self.again(incident, "merged", reports=incident["reports"] + sum(each["reports"] for each in others),
                                  platforms=sorted(set(incident["platforms"]).union(*[each["platforms"] for each in others])), suggested=[])
            return changed + [survivor], {}
        if verb == "undo":
            return [], {"state": "done"}
        if verb == "apart":
            return [self.again(incident, "updated", suggested=[])], {}
        if verb in states:
            more = {"assigned_to": {"org": (data.get("args") or {}).get("org", ""), "by": "user:lin", "at": self.stamp()}} if verb == "assign" else {}
            if verb == "reopen" and incident["state"] != "closed":
                return [], {"state": "refused", "reason": "is not closed", "reason_words": {"zh": "没有结案", "en": "is not closed"}}
            return [self.again(incident, {"assign": "assigned", "close": "closed", "reopen": "reopened"}.get(verb, "updated"), state=states[verb], **more)], {}
        return [], {}

    def change(self, data):
        if data.get("incident"):
            return self.again(self.known[data["incident"]], data.get("change", "joined"), **data.get("members", {}))
        kind = next((each for each in KINDS if each[0] == data.get("code")), KINDS[0])
        incident = self.make(0, kind, data.get("title"))
        incident.update(data.get("members", {}))
        return dict(incident)

    def chance(self):
        if self.random.random() < 0.15:
            return dict(self.make(0))
        incident = self.random.choice(list(self.known.values()))
        return self.again(incident, "joined", reports=incident["reports"] + (1 if incident["reports"] < 9 else 0))

    def platforms(self):
        out = []
        for at, (name, zh, en) in enumerate(PLATFORMS):
            light = {"p05": "grey", "p07": "yellow", "p10": "red"}.get(name, "green")
            each = {"platform": name, "name": zh, "name_en": en, "level": "municipal", "light": light, "said": {"zh": "", "en": ""}, "lag": 0 if light == "green" else 1240,
                    "rejected_today": at % 3, "published_today": 40 + at * 173 % 900, "ignored_today": 0, "instances": []}
            if light != "grey":
                each["last_event"] = self.stamp({"red": 312, "yellow": 41}.get(light, at * 1.7))
            if light == "red":
                each["said"] = {"zh": "5 小时没有心跳", "en": "no tick for 5 h"}
            if light == "yellow":
                each["said"] = {"zh": "积压 1,240 条", "en": "lag of 1,240"}
            out.append(each)
        return out

    def figures(self):
        return {"open": len(self.known), "late": 41, "new_hour": 27, "joined_today": 418, "reports_today": 2311, "feed": self.feed, "now": self.stamp()}

    def categories(self):
        return [{"code": each[0], "name": each[1], "name_en": each[2], "class": each[0]} for each in KINDS]

    def regions(self):
        with open(os.path.join(ROOT, "deploy/config/regions/huli-schematic.geojson"), encoding="utf-8") as file:
            return json.load(file)
