"""What a run leaves in its folder: truth, expected events, broken records, planted personal data, and the summary when it is done."""

import hashlib
import json
import os
import threading
import time

import reasons


class Record:
    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.counts, self.lock = folder, {}, threading.Lock()
        self.files, self.broken_seen = {}, set()
        if os.path.exists(self.path("played.json")):
            os.unlink(self.path("played.json"))
        for name, head in (("events.csv", "id,must,sent_ms"), ("ends.csv", "subject,state"), ("broken.csv", "sha256,platform,why,reason,sent_ms"), ("faults.csv", "request,fault"),
                           ("requests.csv", "at_ms,path,window,page,rows,status")):
            self.files[name] = open(self.path(name), "w", encoding="utf-8", buffering=1)
            self._line(name, head)

    def path(self, name):
        return os.path.join(self.folder, name)

    def _line(self, name, line):
        self.files[name].write(line + "\n")

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + by

    def event(self, event, must, sent_ms=0):
        with self.lock:
            self._line("events.csv", "%s,%d,%d" % (event, must, sent_ms))
        self.count("events")
        self.count("musts", int(must))

    def end(self, subject, state):
        with self.lock:
            self._line("ends.csv", "%s,%s" % (subject, state))

    def broken(self, raw, platform, why):
        """Counts a broken record once, however often it is sent."""
        digest = hashlib.sha256(raw if isinstance(raw, bytes) else raw.encode()).hexdigest()
        with self.lock:
            if digest in self.broken_seen:
                return
            self.broken_seen.add(digest)
            self._line("broken.csv", "%s,%s,%s,%s,%d" % (digest, platform, why, reasons.of(platform, why), time.time() * 1000))
        self.count("broken")

    def fault(self, request, kind):
        with self.lock:
            self._line("faults.csv", "%d,%s" % (request, kind))
            faults = self.counts.setdefault("faults", {})
            faults[kind] = faults.get(kind, 0) + 1

    def request(self, path, window, page, rows, status):
        with self.lock:
            self._line("requests.csv", "%d,%s,%s,%s,%d,%s" % (time.time() * 1000, path, window, page, rows, status))

    def text(self, name, lines):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    def done(self, **summary):
        """played.json appears whole or not at all."""
        with self.lock:
            summary.update(self.counts)
        with open(self.path("played.json.new"), "w", encoding="utf-8") as file:
            json.dump(summary, file, ensure_ascii=False, indent=1, sort_keys=True)
        os.rename(self.path("played.json.new"), self.path("played.json"))
        return summary
