"""
A Line is one list that a hotline offers: rows, each with its states in time. A row shows its present state only; asked for a window of times of
change, the line gives the rows whose present state began in it, oldest first. So a row that changes leaves the window, and those behind it move
up a place: pages shift while somebody reads them. Asked for a window of requests, it gives the rows that were requested in it, whenever they changed.
"""

import bisect
import threading

class State:
    """One state of a row: from `visible` on it is shown, `updated` is the time that it carries; `item` is its JSON text."""

    __slots__ = ("visible", "updated", "item", "shown")

    def __init__(self, visible, updated, item):
        self.visible, self.updated, self.item, self.shown = visible, updated, item, False


class Row:
    __slots__ = ("states", "requested")

    def __init__(self, states, requested):
        self.states, self.requested = states, requested

    def present(self, now):
        at = bisect.bisect_right([state.visible for state in self.states], now)
        return self.states[at - 1] if at else None


class Line:
    def __init__(self):
        self.rows, self.lock = [], threading.Lock()
        self.changes = []       # of each row, as long as none has a second state and they come in the order of their times; else None

    def add(self, states, requested=None):
        with self.lock:
            self.rows.append(Row(states, states[0].updated if requested is None else requested))
            if self.changes is not None:
                self._ordered(states)

    def _ordered(self, states):
        """So a window of the hundred thousands of a load is found without a look at each."""
        if len(states) == 1 and (not self.changes or self.changes[-1] <= states[0].updated):
            self.changes.append(states[0].updated)
        else:
            self.changes = None

    def _near(self, start, end):
        """The rows that may have changed from `start` to the end of the second `end`."""
        with self.lock:
            if self.changes is None:
                return list(self.rows)
            return self.rows[bisect.bisect_left(self.changes, start):bisect.bisect_left(self.changes, int(end) + 1)]

    def window(self, start, end, now):
        present = [row.present(now) for row in self._near(start, end)]
        found = [state for state in present if state and start <= int(state.updated) <= end]
        return sorted(found, key=lambda state: state.updated)

    def requested(self, start, end, now):
        with self.lock:
            rows = list(self.rows)
        found = [(row.requested, row.present(now)) for row in rows if start <= int(row.requested) <= end]
        return [state for _, state in sorted(((at, state) for at, state in found if state), key=lambda pair: pair[0])]

    def present(self, now):
        with self.lock:
            rows = list(self.rows)
        return [state for state in (row.present(now) for row in rows) if state]

    def shown(self, states):
        """These went out whole."""
        with self.lock:
            for state in states:
                state.shown = True

    def waiting(self):
        """Rows whose last state nobody has seen yet."""
        with self.lock:
            return sum(not row.states[-1].shown for row in self.rows)
