"""For which reason of the contract's closed list (README of adapters) what a platform breaks has to be rejected, by the city's own word for it."""

REASONS = {"cut": "not_json", "no comma": "not_json", "comment": "not_json", "no XML inside": "not_xml",
           "no number": "missing_field", "no caseId": "missing_field", "no such action": "unknown_message", "no id": "missing_field", "no vehicle": "missing_field", "no after": "missing_field",
           "impossible date": "bad_time", "no such date": "bad_time", "impossible time": "bad_time", "no time": "bad_time", "no time of sending": "bad_time",
           "status": "bad_value", "no object": "bad_value", "words for a number": "bad_value", "corners swapped": "bad_position", "a wrong CRC": "bad_check", "forged": "bad_signature"}
# In a list there is something where the number stands, which a spreadsheet has made of it.
OTHERS = {("p03", "no number"): "bad_id"}


def of(platform, why):
    return OTHERS.get((platform, why)) or REASONS[why]
