"""What goes wrong on purpose: for each request of a client a seeded choice, never more than two in a row, so that everybody gets through."""

import random
import threading

KINDS = ("session", "429", "500", "half", "html")
IN_A_ROW = 2


class Faults:
    def __init__(self, seed, rate):
        self.random, self.rate, self.lock, self.row = random.Random(seed), rate, threading.Lock(), {}

    def next(self, client):
        """The fault for this client's next request, or None."""
        with self.lock:
            if self.random.random() >= self.rate or self.row.get(client, 0) >= IN_A_ROW:
                self.row[client] = 0
                return None
            self.row[client] = self.row.get(client, 0) + 1
            return self.random.choice(KINDS)
