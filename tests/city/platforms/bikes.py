"""An operator of shared bicycles: MDS 2.0, GET /events/recent?start_time=&end_time= in milliseconds, the newest first, some published twenty minutes late, in GCJ-02 whatever MDS says. Vehicles stand
where the city has trouble with bicycles until they are ridden or picked up; most stand in stops and are no trouble, of some nobody can say; one event lacks its vehicle."""

import json

import geo
import ident
import stories
from lines import State
from server import Answer

PLATFORM = "p08"
PATH, KIND = "/mds/events/recent", "application/vnd.mds+json;version=2.0"
QUIET = {PATH: ('{"version":"2.0.0","data":{"events":[]}}', KIND)}
PROVIDER, RADIUS = "c20e08cf-8488-46a6-a66c-5d8fb827f7e0", 15.0         # metres of a stop, as deploy/config/stops/bikes.geojson has it
PLAZA = (118.1239, 24.5013)                                             # no-parking there
RIDDEN, STATES = 40, {"trip_end": "available", "battery_low": "non_operational", "trip_start": "on_trip", "agency_pick_up": "removed"}


class Fleet:
    def __init__(self, town):
        self.town, self.line, self.events, self.vehicles, self.count = town, town.line(), {}, 0, 0

    def vehicle(self):
        self.vehicles += 1
        return "b1c40000-0000-4000-8000-%012d" % self.town.number(self.vehicles)

    def tell(self, at, vehicle, kind, lon, lat, accuracy, needed, late=None):
        """One event, shown when it was published; needed: something has to come of it."""
        town = self.town
        if at + 3600 > town.begin + town.length:
            return False
        self.count += 1
        made = {"device_id": vehicle, "provider_id": PROVIDER, "event_id": "e0e00000-0000-4000-8000-%012d" % town.number(self.count), "vehicle_state": STATES[kind],
                "event_types": [kind], "timestamp": int(at * 1000)}
        late = town.random.choice((0, 0, 60, 300, 1200)) if late is None else late
        lon, lat = geo.to_gcj02(lon, lat)
        made.update(publication_time=int((at + late) * 1000), location={"lat": round(lat, 7), "lng": round(lon, 7), "horizontal_accuracy": round(accuracy, 1)},
                    battery_percent=town.random.randint(5, 100))
        if not vehicle:
            del made["device_id"]
        text = json.dumps(made)
        self.line.add([State(at + late, at, text)])
        self.events[text] = ident.event_id(PLATFORM, "", "%s/%s" % (PROVIDER, vehicle), made["event_id"]) if needed else None
        return True


def wrong(town, fleet, problem):
    """A heap of some, one after the other; who has an empty battery says so where it stands."""
    for _ in range(town.random.randint(2, 4)):
        vehicle, at = fleet.vehicle(), problem.begin + town.random.uniform(0, 0.8) * (problem.last - problem.begin)
        lon, lat = geo.move(problem.lon, problem.lat, town.random.uniform(-6, 6), town.random.uniform(-6, 6))
        if not fleet.tell(at, vehicle, "trip_end", lon, lat, town.random.uniform(3, 10), True):
            continue
        town.tell(ident.subject_id(PLATFORM, "", "%s/%s" % (PROVIDER, vehicle)), problem)
        if town.random.random() < 0.2:
            fleet.tell(at + 0.1 * (problem.last - at), vehicle, "battery_low", lon, lat, 5, True)
        end = problem.end + town.random.uniform(600, 3600)
        if problem.number % 3 and fleet.tell(end, vehicle, town.random.choice(("trip_start", "agency_pick_up")), lon, lat, 5, True):
            town.ends(ident.subject_id(PLATFORM, "", "%s/%s" % (PROVIDER, vehicle)), "closed")


def ridden(town, fleet):
    """From stop to stop; some so near to one, or so badly told, that nobody knows."""
    for count in range(RIDDEN):
        vehicle, at = fleet.vehicle(), town.at(town.random.uniform(0.02, 0.9))
        stop = town.random.choice(list(stories.STOPS.values()))
        unsure = count % 8 == 0
        lon, lat = geo.move(*stop, *((RADIUS + 30, 0) if unsure else (town.random.uniform(-6, 6), town.random.uniform(-6, 6))))
        fleet.tell(at, vehicle, "trip_end", lon, lat, 50 if unsure else 4, False)
        fleet.tell(at + town.random.uniform(0.3, 9) * 3600, vehicle, "trip_start", lon, lat, 4, False)


def plaza(town, fleet):
    """Left there for ten minutes: the start of the next trip is published before the end of the last one."""
    for share in (0.2, 0.45, 0.7):
        vehicle, at = fleet.vehicle(), town.at(share)
        if fleet.tell(at, vehicle, "trip_end", *PLAZA, 6, True, late=1200):
            fleet.tell(at + 600, vehicle, "trip_start", *PLAZA, 6, True, late=0)


def rejected(text):
    """As it has to stand in rejected: numbers as texts, no blanks."""
    return json.dumps(json.loads(text, parse_float=str, parse_int=str), separators=(",", ":"))


def prepare(town):
    fleet = Fleet(town)
    for problem in town.problems("E0506", share=0.3):
        if min(geo.distance(problem.lon, problem.lat, *stop) for stop in stories.STOPS.values()) > RADIUS + 40:
            wrong(town, fleet, problem)
    ridden(town, fleet)
    plaza(town, fleet)
    fleet.tell(town.at(0.3), None, "trip_end", *PLAZA, 6, False)

    def answer(asked):
        start, end = (int(asked.query[name]) / 1000 for name in ("start_time", "end_time"))
        states = fleet.line.window(start, end, asked.now)

        def shown():
            fleet.line.shown(states)
            for state in states:
                if fleet.events[state.item]:
                    town.must(fleet.events[state.item])
                elif '"device_id"' not in state.item:
                    town.broken(rejected(state.item), "no vehicle")
        return Answer('{"version":"2.0.0","data":{"events":[%s]}}' % ",".join(state.item for state in reversed(states)), KIND, shown=shown)
    town.serve(PATH, answer)
