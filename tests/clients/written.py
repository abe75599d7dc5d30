"""What clients write, for the hub to come and look: feeds, warnings of the weather, a round of the aerial survey."""

import datetime
import os

import cap_tools
import feedgen.feed
import feedgenerator
import geojson
import shapely
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDateTime

NOW = datetime.datetime.fromtimestamp(int(os.environ["CLIENTS_NOW"]), datetime.timezone(datetime.timedelta(hours=8)))
HOUR = datetime.timedelta(hours=1)
SITE = "https://bbs.example.cn"
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
# latitude first, as CAP has it; and as shapely has it
DISTRICT = shapely.Polygon([(118.08, 24.48), (118.2, 24.48), (118.2, 24.56), (118.08, 24.56)])
YARD = shapely.Polygon([(118.1098, 24.5125), (118.1108, 24.5125), (118.1108, 24.5135), (118.1098, 24.5135)], [[(118.1101, 24.5128), (118.1105, 24.5128), (118.1105, 24.5132), (118.1101, 24.5132)]])
HOUSES = shapely.MultiPolygon([shapely.box(118.12, 24.51, 118.1202, 24.5102), shapely.box(118.1204, 24.5104, 118.1206, 24.5106)])
BOW = shapely.Polygon([(118.13, 24.52), (118.1304, 24.5204), (118.1304, 24.52), (118.13, 24.5204)])


def utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def put(folder, name, content, round_number=0):
    """Whole or not at all; of the last hour, each round a minute newer than the one before, as servers tell the times of files in seconds."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.utime(path + ".new", (NOW.timestamp() - 3600 + 60 * round_number,) * 2)
    os.rename(path + ".new", path)


# ---- feeds ----

POST = "<p>店面把<b>桌子</b>摆到人行道 &amp; 声音 很大</p>"
POST_TEXT = "店面把桌子摆到人行道 & 声音 很大"


def by_feedgen():
    feed = feedgen.feed.FeedGenerator()
    feed.id(SITE)
    feed.title("湖里论坛")
    feed.link(href=SITE)
    feed.description("新帖")
    post = feed.add_entry()
    post.id("tag:bbs.example.cn,2023:fg-1")
    post.title("枋湖南路店外占道 <第2天> & 没人管")
    post.link(href=SITE + "/t/1?id=1&utm_source=app")
    post.author(name="林小明", email="lin@example.cn")
    post.category(term="占道")
    post.content(POST, type="CDATA")
    post.published(NOW - 2 * HOUR)
    post.updated(NOW - HOUR)
    return feed


def by_django(kind):
    feed = kind("湖里论坛", SITE, "新帖", language="zh-cn")
    feed.add_item("工地扬尘 <第3天> & 没人管", SITE + "/t/2", POST, unique_id="tag:bbs.example.cn,2023:dj-2", unique_id_is_permalink=False, author_name="林小明", pubdate=NOW - 2 * HOUR, updateddate=NOW - HOUR,
                  categories=["扬尘"])
    return feed.writeString("utf-8").encode()


# ---- warnings ----

def alert(number, kind, earlier=None):
    """Prefixed names in the first, a default name space in what follows it."""
    moment = XmlDateTime.from_datetime(NOW - HOUR + datetime.timedelta(minutes=number))
    corners = " ".join("%s,%s" % (y, x) for x, y in DISTRICT.exterior.coords)
    area = cap_tools.Area(area_desc="湖里区", polygons=[corners])
    area.geocodes_from_dict({"adcode": "350206"})
    info = cap_tools.Info(language="zh-CN", categories=[cap_tools.Category.MET], event="台风", urgency=cap_tools.Urgency.EXPECTED, severity=cap_tools.Severity.SEVERE,
                          certainty=cap_tools.Certainty.LIKELY, sender_name="厦门市气象台", headline="台风橙色预警 & 防御指引", description="阵风 <10 级", effective=moment,
                          expires=XmlDateTime.from_datetime(NOW + 6 * HOUR), areas=[area])
    one = cap_tools.Alert(identifier="35020041600000_20260904%02d0000_0" % number, sender="35020041600000", sent=moment, status=cap_tools.Status.ACTUAL, msg_type=kind, scope=cap_tools.Scope.PUBLIC,
                          infos=[info])
    if earlier:
        one.references_from_list([cap_tools.Reference.from_alert(earlier)])
    return one


def alert_bytes(one):
    return XmlSerializer().render(one, ns_map={None: CAP} if one.references else None).encode()


# ---- the survey ----

def survey():
    about = {"PC": "2026-10", "HCZT": "待核查", "QSX": "2023-06-01", "HSX": "2023-09-10", "HCRQ": "2023-10-01"}
    shapes = {"yard": YARD, "houses": HOUSES, "bow": BOW}
    # shapely hands over what has __geo_interface__, geojson writes it
    spots = [geojson.Feature(id="clients-" + name, geometry=shape, properties=dict(about, TBBH=name, MJ=672.4)) for name, shape in shapes.items()]
    return geojson.dumps(geojson.FeatureCollection(spots), ensure_ascii=False, indent=2).encode()


def write_first(www, inbox):
    put(www, "opinion/feed.xml", by_feedgen().rss_str(pretty=True))
    put(www, "opinion/atom.xml", by_django(feedgenerator.Atom1Feed))
    put(www, "weather/warnings.xml", alert_bytes(alert(1, cap_tools.MsgType.ALERT)))
    put(inbox, "aerial/round.geojson", survey())
