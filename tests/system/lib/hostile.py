#!/usr/bin/python3
"""
What an attacker writes into every text of what each platform sends, through the real adapters (84_hostile.sh).

hostile.py write: canonical events, one JSON a line, for the log; $TEST/hostile.json says of each text that took the attack where it stands. Inputs are those of tests/fixtures: of each
adapter the records that between them have every text of its dialects. Each text is tried alone; those that come out in an event are then attacked all at once, and what that does not
bring along stays with the event that it made alone.
hostile.py drop FOLDER: records of the hotline's that have to be refused, as files. terminal: what the commands say of all that before a person's terminal. sheets: the bulletin, as page,
workbook and table. arrived: what the browser has seen of it ($TEST/seen.json), by platform.
"""

import csv
import html
import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile

import base

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures", "lib"))

import cases  # noqa: E402

FORMULA = "=cmd|' /C calc'!A0"
ATTACK = ("<img src=x onerror=window.__pwned=1>\"><script>window.__pwned=2</script>&lt;svg onload=window.__pwned=3&gt;"
          "'; DROP TABLE dw.incident;--{{7*7}}${7*7}\u202e")
TERMINAL = "\x1b[31m\x1b]0;pwned\x07\x9b2J\x00"     # where the form has a way to write these
FRAME = "<img src=x onerror=window.__pwned\x1b[31m>'--{{7*7}}"      # HJ 212 has no way to write its own marks
ADDRESS = "javascript:window.__pwned=4//"
MARK = "zq%sx%dqz"
MARKS = re.compile(r"zq(p\d\d)x(\d+)qz")
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")      # what a terminal obeys, or is misled by
NAMED = ("name", "place", "site", "address")       # columns of a registry that are texts
SIZE_MOST = 60000


class Texts:
    """The texts of one input: `paths`, and the input made anew with some of them changed: make({number: text})."""

    def __init__(self):
        self.paths, self.values, self.wanted = [], [], {}

    def text(self, path, value):
        """Every text passes here, in the same order each time."""
        self.paths.append(path)
        self.values.append(value)
        return self.wanted.get(len(self.paths) - 1, value)

    def make(self, wanted):
        self.paths, self.values, self.wanted = [], [], wanted
        return self.build()


class Json(Texts):
    terminal = TERMINAL

    def __init__(self, data):
        super().__init__()
        text = data.decode("utf-8-sig")
        self.tree = json.loads(text)
        self.make({})

    def build(self):
        return json.dumps(self._walk(self.tree, ""), ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _walk(self, node, path):
        if isinstance(node, dict):
            return {name: self._walk(value, path + "." + name) for name, value in node.items()}
        if isinstance(node, list):
            return [self._walk(value, path + "[]") for value in node]
        if isinstance(node, str):
            within = nested(node)
            if within:
                return _within(self, within, path)
            return self.text(path, node)
        return node


class Xml(Texts):
    """Token by token, so that prefixes, declarations and order stay."""

    terminal = ""
    TOKENS = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<[^>]*>)", re.S)

    def __init__(self, data):
        super().__init__()
        head = data[:200].decode("ascii", "replace")
        declared = re.search(r"encoding=[\"']([\w-]+)", head)
        self.encoding = "gb18030" if declared and declared.group(1).lower().startswith("gb") else "utf-8"
        self.tokens = self.TOKENS.split(data.decode(self.encoding))
        if not any(token.startswith("<") for token in self.tokens):
            raise ValueError("no XML")
        self.make({})

    def build(self):
        path, out = [], []
        for token in self.tokens:
            if token.startswith("<![CDATA["):
                out.append("<![CDATA[%s]]>" % self._text(path, token[9:-3]))
            elif token.startswith(("<?", "<!")):
                out.append(token)
            elif token.startswith("</"):
                path = path[:-1]
                out.append(token)
            elif token.startswith("<"):
                name = re.match(r"<\s*([^\s/>]+)", token).group(1)
                out.append(re.sub(r"([\w:.-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')", lambda found, at="/".join(path + [name]): self._attribute(at, found), token))
                path = path if token.endswith("/>") else path + [name]
            else:
                out.append(html.escape(self._text(path, html.unescape(token))) if token.strip() else token)
        return "".join(out).encode(self.encoding)

    def _text(self, path, value):
        within = nested(value)
        if within:
            return _within(self, within, "/".join(path))
        return self.text("/".join(path), value) if value.strip() else value

    def _attribute(self, path, found):
        name, between, value = found.groups()
        if name.startswith("xmlns") or not value[1:-1].strip():
            return found.group(0)
        return "%s%s\"%s\"" % (name, between, html.escape(self.text("%s@%s" % (path, name), html.unescape(value[1:-1]))))


class Csv(Texts):
    terminal = TERMINAL.replace("\x00", "")

    def __init__(self, data):
        super().__init__()
        for self.encoding in ("utf-8-sig", "gb18030"):
            try:
                text = data.decode(self.encoding)
                break
            except UnicodeDecodeError:
                text = None
        if text is None:
            raise ValueError("neither UTF-8 nor GB 18030")
        self.rows = list(csv.reader(io.StringIO(text)))
        self.make({})

    def build(self):
        out = io.StringIO()
        csv.writer(out).writerows([self.text("%d" % at, cell) if cell else cell for at, cell in enumerate(row)] for row in self.rows)
        return out.getvalue().encode(self.encoding, "replace")


class Registry(Csv):
    """What a site's own table tells of its devices: the texts of it."""

    def build(self):
        out = io.StringIO()
        head = self.rows[0]
        csv.writer(out).writerows([head] + [[self.text(name, cell) if name in NAMED else cell for name, cell in zip(head, row)] for row in self.rows[1:]])
        return out.getvalue().encode(self.encoding)


class Frame(Texts):
    """HJ 212: its length and its check come anew."""

    terminal = ""

    def __init__(self, data):
        super().__init__()
        found = re.fullmatch(rb"##\d{4}(.*)[0-9A-Fa-f]{4}\r?\n?", data, re.S)
        if not found or b"CP=" not in found.group(1):
            raise ValueError("no frame")
        self.items = re.split(rb"(;|,|&&)", found.group(1))
        self.make({})

    def build(self):
        items = []
        for item in self.items:
            name, equals, value = item.partition(b"=")
            if equals and value:
                item = name + b"=" + self.text(name.decode("latin-1"), value.decode("gb18030")).encode("gb18030", "replace")
            items.append(item)
        body = b"".join(items)
        return b"##%04d%s%04X\r\n" % (len(body), body, self._check(body))

    @staticmethod
    def _check(body):
        check = 0xFFFF
        for byte in body:
            check = (check >> 8) ^ byte
            for _ in range(8):
                check = (check >> 1) ^ 0xA001 if check & 1 else check >> 1
        return check


def _within(outer, inner, path):
    """The texts of a document within a text are texts of the whole."""
    first = len(outer.paths)
    outer.paths += [path + ">" + each for each in inner.paths]
    outer.values += inner.values
    wanted = {number - first: text for number, text in outer.wanted.items() if first <= number < first + len(inner.paths)}
    return inner.make(wanted).decode(getattr(inner, "encoding", "utf-8"))


def nested(text):
    if not text.lstrip().startswith(("{", "[", "<")) or len(text) < 20:
        return None
    return parsed(text.encode())


def parsed(data):
    form = Frame if data.startswith(b"##") else Json if data.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"{", b"[")) else Xml if b"<" in data[:60] else Csv
    try:
        return form(data)
    except (ValueError, LookupError, csv.Error):
        return None


class Platform:
    """One adapter: its texts by where they stand, and the events that carry an attack."""

    def __init__(self, adapter):
        self.adapter, self.texts, self.events, self.tried = adapter, [], [], set()

    def attack(self, form, value):
        mark = MARK % ("p%02d" % self.number, len(self.texts))
        if isinstance(form, Frame):
            return mark + FRAME
        return ADDRESS + mark if value.startswith("http") else FORMULA + mark + ATTACK + form.terminal + mark

    def case(self, name):
        case = cases.Case(self.adapter, name)
        if not case.rows("events.ndjson"):
            return
        self.number = int(case.rows("events.ndjson")[0]["platform"][1:])
        for input_ in case.inputs:
            form = parsed(case.files[input_]) if len(case.files[input_]) < SIZE_MOST else None
            fresh = {at: where(form, path) for at, path in enumerate(form.paths)} if form else {}
            fresh = {path: at for at, path in fresh.items() if path not in self.tried}
            if fresh:
                self.tried |= set(fresh)
                self._input(case, form, fresh)
        for name in sorted(set(case.files) - set(case.inputs)):
            if name.endswith(".csv"):
                self._registry(case, name)

    def _registry(self, case, name):
        """All of its texts at once: a process reads it once."""
        form = Registry(case.files[name])
        fresh = [path for path in dict.fromkeys(form.paths) if "%s %s" % (name, path) not in self.tried]
        if not fresh:
            return
        attacks = {}
        for path in fresh:
            self.tried.add("%s %s" % (name, path))
            text = self.attack(form, "")
            attacks.update({at: text for at, each in enumerate(form.paths) if each == path})
            self.texts.append({"case": case.name, "where": "%s %s" % (name, path), "carried": False})
        with case.open() as translate:
            translate.write(name, form.make(attacks))
            self._keep(self._said(case, translate.run(case.inputs, case.arguments())))

    def _input(self, case, form, fresh):
        attacks = {}
        for path, at in fresh.items():
            attacks[at] = self.attack(form, form.values[at])
            self.texts.append({"case": case.name, "where": path, "carried": False})
        with case.open() as translate:
            events = self._run(translate, case, [form.make({at: text}) for at, text in attacks.items()])
            taken = set().union(*map(marks, events))
            whole = self._run(translate, case, [form.make({at: text for at, text in attacks.items() if marks(text) & taken})]) if taken else []
        self._keep(whole + events)

    def _keep(self, events):
        carried = set()
        for event in events:
            if marks(event) - carried:
                carried |= marks(event)
                self.events.append(event)
        for number in carried:
            self.texts[number]["carried"] = True

    def _run(self, translate, case, records):
        names = ["attack.%04d" % at for at in range(len(records))]
        for name, data in zip(names, records):
            translate.write(name, data)
        return self._said(case, translate.run(names, case.arguments()))

    def _said(self, case, found):
        if found.code not in (0, cases.REJECTED) or found.trouble:
            raise SystemExit("%s/%s: exit code %d %s" % (self.adapter, case.name, found.code, found.trouble[:2000]))
        return found.events


def where(form, path):
    """A member is the same one whatever it is wrapped in."""
    return "%s %s" % (type(form).__name__, re.split(r"[./@]", path.replace("[]", ""))[-1].lower())


def marks(value):
    return {int(number) for _, number in MARKS.findall(json.dumps(value))}


def apart(events):
    """Fixtures of an adapter speak of the same case: each event is to be its own, or the last one would hide the others."""
    seen = {}
    for event in events:
        count = seen[event["subject"]] = seen.get(event["subject"], 0) + 1
        if count > 1:
            revision = event["id"][len(event["subject"]):]
            event["subject"] += ".%d" % count
            event["id"] = event["subject"] + revision
    return events


def write():
    out, said = [], {}
    for adapter in cases.adapters():
        platform = Platform(adapter)
        for name in cases.names(adapter):
            platform.case(name)
        out += platform.events
        said["p%02d" % platform.number] = {"adapter": adapter, "texts": platform.texts, "events": len(platform.events)}
    with open(os.path.join(base.TEST, "hostile.json"), "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
    for event in apart(out):
        print(json.dumps(event, ensure_ascii=False))


def drop():
    """Each has a text that can be no time, or no number, or nothing that can be read."""
    folder, date = sys.argv[2], "2023-12-05 08:30:00"
    for number, item in enumerate(({"record_number": ATTACK, "ps_caption": "受理", "date": TERMINAL + ATTACK}, {"record_number": TERMINAL, "ps_caption": TERMINAL + ATTACK, "date": date},
                                   {"record_number": [ATTACK], "date": date, "note1": TERMINAL}, {TERMINAL + ATTACK: ATTACK, "date": date})):
        path = os.path.join(folder, "%d<img src=x onerror=1>\x1b[31m\u202e.json" % number)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(item, file, ensure_ascii=False)


def spoken(*words):
    """What a command says to a terminal."""
    main, far = pty.openpty()
    with subprocess.Popen([os.environ["HUB"], *words], stdin=subprocess.DEVNULL, stdout=far, stderr=far) as child:
        os.close(far)
        out = b""
        try:
            while piece := os.read(main, 65536):
                out += piece
        except OSError:
            pass
        os.close(main)
    return child.returncode, out.decode("utf-8", "replace").replace("\r\n", "\n")


def terminal():
    verdict, database = base.Verdict(), base.connect()
    numbers = [row[0] for row in base.rows(database, "SELECT number FROM dw.incident WHERE title ~ 'zqp' OR reports > 1 ORDER BY reports DESC, number LIMIT 12")]
    with open(os.path.join(base.TEST, "hostile.ndjson"), encoding="utf-8") as file:
        sources = {event["platform"]: event["source"]["id"].replace("\0", "") for event in map(json.loads, file) if MARKS.search(event["source"]["id"])}
    refused = re.findall(r"^hub\.\S+/\d+/\d+", spoken("rejected", "list")[1], re.M)[:4]
    asked = [("explain", number) for number in numbers] + [("find", source) for source in sources.values()] + [("rejected", "show", ref) for ref in refused]
    asked += [("rejected", "show", ref, "--open") for ref in refused]
    asked += [("rejected", "list"), ("status",), ("audit",), *(("tail", topic, "--from", "start", "--until-end") for topic in ("events", "incidents", "rejected"))]
    marked = 0
    for words in asked:
        code, text = spoken(*words)
        marked += bool(MARKS.search(text) or "onerror" in text)
        raw = RAW.search(text)
        verdict.check(code in (0, 3) and not raw, "hub %s says nothing that a terminal obeys" % " ".join(repr(word)[1:40] for word in words), (code, text[max(0, raw.start() - 80):raw.end() + 40] if raw else text[-300:]))
    verdict.check(marked >= 15, "and most of it speaks of the attack (%d of %d)" % (marked, len(asked)))
    for name in sorted(os.listdir(os.path.join(base.TEST, "logs"))):
        with open(os.path.join(base.TEST, "logs", name), encoding="utf-8", errors="replace") as file:
            raw = [line for line in file if RAW.search(line.rstrip("\n"))]
        verdict.check(not raw, "nor does %s" % name, raw[:1])
    return verdict.failed


def bulletin(*words):
    return subprocess.run([os.environ["HUB"], "bulletin", "--month", "2023-12", *words], capture_output=True, check=True).stdout


def sheets():
    verdict = base.Verdict()
    page = bulletin().decode()
    with open(os.path.join(base.TEST, "bulletin.html"), "w", encoding="utf-8") as file:
        file.write(page)
    verdict.check(MARKS.search(page) and not re.search(r"<(img|script|svg onload)", page), "the page shows it as text", page[:200])
    table = list(csv.reader(io.StringIO(bulletin("--format", "csv").decode("utf-8-sig"))))
    cells = [cell for row in table for cell in row]
    verdict.check(any(FORMULA in cell for cell in cells) and not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"-?[0-9.]+", cell)],
                  "no cell of the table is a formula", [cell for cell in cells if FORMULA in cell][:2])
    book = os.path.join(base.TEST, "bulletin.xlsx")
    bulletin("--format", "xlsx", "--output", book)
    with zipfile.ZipFile(book) as parts:
        inner = [parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml")]
    verdict.check(any("calc" in part for part in inner) and not any("<f>" in part or "<f " in part for part in inner), "nor one of the workbook")
    return verdict.failed


# Of each platform at least so many texts are in events, and so many come to the page: warnings, permits, stalls and devices are told to incidents, not shown as texts of theirs.
LEAST = {"p01": (20, 10), "p02": (9, 3), "p03": (3, 1), "p04": (13, 5), "p05": (5, 2), "p06": (18, 0), "p07": (1, 0), "p08": (2, 0), "p09": (3, 1), "p10": (12, 1), "p11": (4, 2),
         "p12": (8, 4), "p13": (6, 0), "p14": (4, 3), "p15": (22, 4), "p16": (13, 7)}


def arrived():
    verdict = base.Verdict()
    with open(os.path.join(base.TEST, "hostile.json"), encoding="utf-8") as file:
        sent = json.load(file)
    with open(os.path.join(base.TEST, "seen.json"), encoding="utf-8") as file:
        seen = set(json.load(file))
    for platform, told in sorted(sent.items()):
        texts = told["texts"]
        there = [number for number in range(len(texts)) if MARK % (platform, number) in seen]
        carried = sum(text["carried"] for text in texts)
        verdict.check(carried >= LEAST[platform][0] and len(there) >= LEAST[platform][1], "%s %-11s %3d texts attacked, %3d in %2d events, %3d at the page" % (platform, told["adapter"], len(texts), carried, told["events"], len(there)))
    return verdict.failed


if __name__ == "__main__":
    sys.exit(1 if {"write": write, "drop": drop, "terminal": terminal, "sheets": sheets, "arrived": arrived}[sys.argv[1]]() else 0)
