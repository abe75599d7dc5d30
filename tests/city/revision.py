"""The revision of a hotline's row, which counts no changes of its own: the time of its change, and a hash of what is mapped of it (hub/dialect/case.h)."""

import hashlib
import json

# member -> role; in the order in which roles are hashed
VENDOR = (("pss_caption_end", "status"), ("ps_caption", "stage"), ("requested_datetime", "occurred"), ("date", "updated"), ("note5", "category_code"),
          ("note4", "category"), ("note1", "title"), ("note2", "description"), ("note10", "channel"), ("note6", "lon"), ("note7", "lat"),
          ("note3", "address"), ("note11", "community"), ("di_title", "responsible"), ("note8", "reporter"), ("note9", "phone"))
OPEN311 = (("status", "status"), ("status_notes", "status_note"), ("requested_datetime", "occurred"), ("updated_datetime", "updated"),
           ("expected_datetime", "deadline"), ("closed_date", "end_of_day_closed"), ("service_code", "category_code"), ("service_name", "category"), ("description", "description"),
           ("channel", "channel"), ("long", "lon"), ("lat", "lat"), ("address", "address"), ("agency_responsible", "responsible"), ("asset_id", "asset"))
NOTHING = ("", "-", "--", "—", "－", "null", "undefined")


def revision(item, app):
    """Of a row's JSON text."""
    row = json.loads(item, parse_float=str, parse_int=str)
    mapped = [(role, (row.get(member) or "").strip()) for member, role in (OPEN311 if app else VENDOR)]
    lines = "".join("%s=%s\n" % (role, text) for role, text in mapped if text.lower() not in NOTHING)
    return "%s-%s" % (dict(mapped)["updated"], hashlib.sha256(lines.encode()).hexdigest()[:16])
