"""
What happens in the city when all platforms play: stalls that spread at night, trees that a typhoon fells, fume that a sensor, citizens and an inspector
notice, building without leave that is seen from the air and told by an estate, the hotline and a petition, bicycles before the metro, loose sheets beside the railway, a
car that a village's gate warns of. Each is a problem of the world, of which people and inspectors tell as of any other; the platforms named
in its kind (words.py, `by`) tell of it in their own way. Places are those of the platforms' registries, in WGS 84.
"""

import geo
import words
from world import HOUR

DAY = 24 * HOUR
# name (estate and building) -> lon, lat; the registries of deploy/config say the same of them
ESTATES = {("金林湾花园", "12"): (118.159332, 24.505904), ("海天花园", "1"): (118.104000, 24.508500), ("禹洲新村", "5"): (118.117500, 24.520200)}
SITES = {"350206XM0000000000000101": ("湖里大道烧烤店", 118.1022, 24.5068, "fume"), "350206XM0000000000000102": ("枋湖东路湘菜馆", 118.1377, 24.5177, "fume"),
         "350206XM0000000000000103": ("金尚路火锅城", 118.1466, 24.5011, "fume"), "350206XM0000000000000104": ("地铁工地一号门", 118.1299, 24.5122, "dust"),
         "350206XM0000000000000105": ("后埔旧改工地", 118.1188, 24.5033, "dust"), "350206XM0000000000000106": ("殿前工地", 118.1066, 24.5288, "dust")}
TOWERS = {"hl-rail-k12": (118.1122, 24.5144), "hl-rail-k13": (118.1177, 24.5188), "hl-rail-k14": (118.1233, 24.5233)}
GATES = {"35020600001190000001": (118.1190, 24.5030), "35020600001190000002": (118.1240, 24.5060), "35020600001190000003": (118.1150, 24.5260)}
STOPS = {"st-fanghu": (118.1349, 24.5164), "st-lvcuo": (118.1213, 24.4993), "st-wuyuan": (118.1677, 24.5255), "st-huli": (118.1011, 24.5111)}
STALL_SITES = {1: ("县后BRT", 118.1279, 24.5309), 2: ("SM城市广场", 118.1230, 24.5031), 3: ("枋湖夜市", 118.1338, 24.5199), 4: ("蔡塘广场", 118.1533, 24.4955)}
WARNED, STRUCK = 1.2, 1.75                      # days after the beginning: the typhoon's warning; its gales
TREES = 5


class Stories:
    """Beginnings and places; what is thrown here changes nothing of the world without stories."""

    def __init__(self, world, random, people):
        self.world, self.random = world.view(random, people.view(random)), random
        self.begin, self.length = world.begin, world.length

    def near(self, spot, least, most):
        lon, lat = spot
        return geo.move(lon, lat, self.random.choice((-1, 1)) * self.random.uniform(least, most), self.random.uniform(-most / 2, most / 2))

    def lasting(self, kind, spot, name=None):
        """From the first days to nearly the end."""
        begin = self.begin + self.random.uniform(0.03, 0.12) * self.length
        return self.world.story(kind, spot, begin, begin + self.random.uniform(0.55, 0.75) * self.length, name)

    def hours(self, kind, spot, day, hour, hours):
        """Once, `day` days after the beginning, at that hour of Shanghai's clock."""
        midnight = (self.begin + day * DAY + 8 * HOUR) // DAY * DAY - 8 * HOUR
        begin = midnight + (hour + self.random.uniform(0, 0.5)) * HOUR
        if begin >= self.begin and begin + (hours + 10) * HOUR < self.begin + self.length:
            self.world.story(kind, spot, begin, begin + hours * HOUR)

    def tell(self):
        days = self.length / DAY
        for name, lon, lat, sort in SITES.values():
            if sort == "fume":
                self.lasting(words.FUME, self.near((lon, lat), 2, 6), name)
        for spot in ESTATES.values():
            self.lasting(words.BUILDING, spot)
        for spot in TOWERS.values():
            self.lasting(words.RAIL, self.near(spot, 2, 8))
        for _ in range(TREES):
            spot = (self.random.uniform(118.10, 118.16), self.random.uniform(24.495, 24.535))
            begin = self.begin + STRUCK * DAY + self.random.uniform(0, 5) * HOUR
            if begin + 20 * HOUR < self.begin + self.length:
                self.world.story(words.TREE, spot, begin, begin + self.random.uniform(5, 9) * HOUR)
        for number, spot in enumerate(STOPS.values()):
            self.hours(words.BIKES, self.near(spot, 60, 90), number % max(1, int(days) - 1), 8, 4)
        for number, (_, lon, lat) in STALL_SITES.items():
            self.hours(words.STALLS, self.near((lon, lat), 2, 8), (number - 1) % max(1, int(days) - 1), 19, 4)
        for number, spot in enumerate(GATES.values()):
            self.hours(words.GATE, self.near(spot, 1, 4), number % max(1, int(days) - 1), 10, 6)
