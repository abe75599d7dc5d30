"""
records.py FOLDER EVENTS: raw records for `hub translate`, as platforms send them: one a camera message, a page of 200 for the hotline;
and `messages`, as many camera messages of half the size, one a line.
"""

import json
import os
import sys

PAGE = 200


def sighting(number):
    at = 1701736200.5 + number
    after = {"id": "%.6f-%06d" % (at, number), "camera": "brain-a-%02d" % (number % 40), "label": ("hawker", "garbage", "outstore")[number % 3],
             "frame_time": at + 1.25, "start_time": at, "end_time": None, "top_score": 0.8, "false_positive": False, "entered_zones": ["road"],
             "box": [424, 500, 536, 712], "area": 23744, "ratio": 2.1, "region": [218, 0, 1108, 890], "current_zones": ["road"],
             "has_snapshot": True, "has_clip": False, "stationary": False, "motionless_count": 0, "position_changes": 1, "attributes": {},
             "current_attributes": [], "thumbnail": None, "snapshot": {"frame_time": at, "box": [424, 500, 536, 712], "score": 0.8}}
    return after


def camera(number):
    after = sighting(number)
    return json.dumps({"type": "new", "before": dict(after, top_score=0.5), "after": after})


def message(number):
    return json.dumps({"type": "update", "before": None, "after": sighting(number)}, separators=(",", ":"))


def case(number):
    return {"record_number": "2312%011d" % number, "ps_caption": "处置", "pss_caption_start": "待处置", "pss_caption_end": "已处置",
            "date": "2023-12-05 %02d:%02d:%02d" % (number // 3600 % 24, number // 60 % 60, number % 60), "note1": "沿街店铺占道",
            "note2": "第%d次反映：枋湖南路一带店铺把桌椅摆到人行道上，行人只能走机动车道，电话13950012345" % number, "note3": "湖里区禾山街道枋湖南路",
            "note4": "店外经营", "note5": "E0504", "note6": "118.11%05d" % (number % 100000), "note7": "24.50%05d" % (number * 7 % 100000),
            "note8": "陈先生", "note9": "13950012345", "note10": "电话", "note11": "枋湖社区"}


def main(folder, events):
    for name in ("citybrain", "hotline"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for number in range(events):
        with open(os.path.join(folder, "citybrain", "%06d" % number), "w") as file:
            file.write(camera(number))
    with open(os.path.join(folder, "messages"), "w") as file:
        file.writelines(message(number) + "\n" for number in range(events))
    for page in range(0, events, PAGE):
        with open(os.path.join(folder, "hotline", "%06d" % page), "w") as file:
            json.dump({"total": events, "rows": [case(n) for n in range(page, min(page + PAGE, events))]}, file, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
