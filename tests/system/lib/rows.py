"""A hotline's batch, as its vendor sends it: rows.py FIRST COUNT [--stage S] [--at T] [--bytes N] [--keyed].

COUNT cases from number FIRST on, on stdout; --stage is the step that they are in, --at since when (another time is another revision);
--bytes fills up with blanks to exactly N bytes; --keyed gives one case a line, "NUMBER<tab>CASE", for a topic."""

import argparse
import json
import sys


def case(number, stage, at):
    return {"record_number": "2312051019%08d" % number, "ps_caption": stage, "pss_caption_start": "待" + stage, "pss_caption_end": "待派遣",
            "date": at, "di_title": "禾山中队", "opper": "4120", "note1": "枋湖南路烧烤店占道",
            "note2": "店铺把桌子摆到人行道，请尽快处理。", "note3": "湖里区禾山街道枋湖南路%d号" % number, "note4": "店外经营", "note5": "-",
            "note6": "118.1147685", "note7": "24.5098473", "note8": "", "note9": None, "note10": "电话", "note11": "枋湖社区"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--stage", default="受理")
    parser.add_argument("--at", default="2023-12-05 10:20:00")
    parser.add_argument("--bytes", type=int, default=0)
    parser.add_argument("--keyed", action="store_true")
    of = parser.parse_args()
    cases = [case(of.first + i, of.stage, of.at) for i in range(of.count)]
    if of.keyed:
        for one in cases:
            print(one["record_number"], json.dumps(one, ensure_ascii=False), sep="\t")
        return
    text = json.dumps({"total": len(cases), "rows": cases}, ensure_ascii=False).encode()
    sys.stdout.buffer.write(text)
    for _ in range(max(of.bytes - len(text), 0) >> 20):
        sys.stdout.buffer.write(b" " * (1 << 20))
    sys.stdout.buffer.write(b" " * (max(of.bytes - len(text), 0) & ((1 << 20) - 1)))


main()
