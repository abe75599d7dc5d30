"""
What happens in the city when all platforms play: stalls that spread at night, trees that a typhoon fells, fume that a sensor, citizens and an inspector
notice, building without leave that is seen from the air and told by an estate, the hotline and a petition, bicycles before the metro, loose sheets beside the railway, a
car that a village's gate warns of. Each is a problem of the world, of which people and inspectors tell as of any other; the platforms named
in its kind (words.py, `by`) tell of it in their own way. Places are those of the platforms' registries, in WGS 84.
"""

import csv
import json
import os

import geo
import words
from world import HOUR

DAY = 24 * HOUR
CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "config")


def registry(*path):
    """Rows of a registry that have a position, in WGS 84."""
    with open(os.path.join(CONFIG, *path), encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if row["lon"]:
                lon, lat = float(row["lon"]), float(row["lat"])
                row["spot"] = geo.from_gcj02(lon, lat) if row["crs"] == "gcj02" else (lon, lat)
                yield row


def areas(*path):
    """name -> the middle of an area, or a point, in WGS 84."""
    with open(os.path.join(CONFIG, *path), encoding="utf-8") as file:
        for feature in json.load(file)["features"]:
            shape = feature["geometry"]
            corners = [shape["coordinates"]] if shape["type"] == "Point" else shape["coordinates"][0][:-1]
            lon, lat = (sum(corner[axis] for corner in corners) / len(corners) for axis in (0, 1))
            yield feature["properties"]["name"], geo.from_gcj02(lon, lat) if feature["properties"].get("crs") == "gcj02" else (lon, lat)


# A building each of the estates; devices of kitchens and building sites: name, lon, lat, dust or fume; towers, gates, stops, areas where no bicycle may stand: lon, lat
ESTATES = {(row["estate"], row["building"]): row["spot"] for row in {row["estate"]: row for row in registry("estates", "residence.csv") if row["building"]}.values()}
SITES = {row["mn"]: (row["name"], *row["spot"], row["kind"]) for row in registry("sites", "dust.csv") if row["kind"] in ("dust", "fume")}
TOWERS = {row["device_id"]: row["spot"] for row in registry("devices", "railway.csv") if ":" not in row["device_id"]}     # the others are channels of the same towers
GATES = {row["device_id"]: row["spot"] for row in registry("devices", "village.csv") if row["kind"] == "camera"}
STOPS = dict(areas("stops", "bikes.geojson"))
NO_PARKING = dict(areas("stops", "bikes-no-parking.geojson"))
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
            self.lasting({"fume": words.FUME, "dust": words.DUST}[sort], self.near((lon, lat), 2, 6), name)
        for (estate, building), spot in ESTATES.items():
            self.lasting(words.BUILDING, spot, "%s%s号楼" % (estate, building))
        for spot in TOWERS.values():
            self.lasting(words.RAIL, self.near(spot, 2, 8))
        for _ in range(TREES):
            spot = (self.random.uniform(118.10, 118.16), self.random.uniform(24.495, 24.535))
            begin = self.begin + STRUCK * DAY + self.random.uniform(0, 5) * HOUR
            if begin + 20 * HOUR < self.begin + self.length:
                self.world.story(words.TREE, spot, begin, begin + self.random.uniform(5, 9) * HOUR)
        for number, spot in enumerate(NO_PARKING.values()):
            self.hours(words.BIKES, self.near(spot, 1, 12), number % max(1, int(days) - 1), 8, 4)
        for number, (_, lon, lat) in STALL_SITES.items():
            self.hours(words.STALLS, self.near((lon, lat), 2, 8), (number - 1) % max(1, int(days) - 1), 19, 4)
        for number, spot in enumerate(GATES.values()):
            self.hours(words.GATE, self.near(spot, 1, 4), number % max(1, int(days) - 1), 10, 6)
