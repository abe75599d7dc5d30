"""Positions: moves in metres, distances, WGS 84 to GCJ-02 (the common public formula) and back."""

import math

METRES = 111320.0
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323


def move(lon, lat, east, north):
    return lon + east / (METRES * math.cos(math.radians(lat))), lat + north / METRES


def distance(lon, lat, other_lon, other_lat):
    east = (lon - other_lon) * METRES * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(east, (lat - other_lat) * METRES)


def _waves(value):
    return 20.0 * math.sin(6.0 * value * math.pi) + 20.0 * math.sin(2.0 * value * math.pi)


def _shift(lon, lat):
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (_waves(x) + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (_waves(x) + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    curve = 1.0 - ECCENTRICITY * math.sin(math.radians(lat)) ** 2
    north = north * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (curve * math.sqrt(curve)) * math.pi)
    east = east * 180.0 / (AXIS / math.sqrt(curve) * math.cos(math.radians(lat)) * math.pi)
    return east, north


def to_gcj02(lon, lat):
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def from_gcj02(lon, lat):
    found_lon, found_lat = lon, lat
    for _ in range(20):
        back_lon, back_lat = to_gcj02(found_lon, found_lat)
        found_lon, found_lat = found_lon + lon - back_lon, found_lat + lat - back_lat
    return found_lon, found_lat
