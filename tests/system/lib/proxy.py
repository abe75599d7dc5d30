#!/usr/bin/python3
"""
proxy.py serve CONTROL NAME=LISTEN:TARGET ...: stands between the hub and its services, ports of this machine, and does to their connections what networks do.
proxy.py say CONTROL NAME FAULT [up|down|both]: from now on, until another is said. `up` is towards the target.

    none        bytes pass; what a fault held back goes on
    latency     each piece waits 150 to 450 ms
    blackhole   nothing passes, and nobody is told
    reset       all connections end with a RST, new ones as soon as they say something
    half        one side is told that the other says no more, the other way goes on
    drip        seven bytes each 5 ms
    refuse      nobody listens; what is there is reset

CONTROL is a socket's path. `say` answers with what the route did so far: connections, bytes, and connections that the fault struck.
"""

import asyncio
import os
import random
import socket
import struct
import sys

FAULTS = ("none", "latency", "blackhole", "reset", "half", "drip", "refuse")
PIECE, DRIP, DRIP_S, LATENCY_S = 65536, 7, 0.005, (0.15, 0.45)
ABORT = struct.pack("ii", 1, 0)


class Link:
    """A client and the target, and a task for each way."""

    def __init__(self, route, client, target):
        self.route, self.ends = route, {"up": (client, target), "down": (target, client)}
        self.tasks = [asyncio.ensure_future(self._pump(way)) for way in self.ends]
        self.silent = set()

    def half_close(self, way):
        self.silent.add(way)
        try:
            self.ends[way][1].shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def end(self, abort):
        self.route.links.discard(self)
        for task in self.tasks:
            if task is not asyncio.current_task():
                task.cancel()
        for end in self.ends["up"]:
            if abort:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            end.close()

    async def _pump(self, way):
        loop, (source, sink) = asyncio.get_running_loop(), self.ends[way]
        try:
            while piece := await loop.sock_recv(source, PIECE):
                if way not in self.silent:
                    await self._pass(way, sink, piece)
            if way not in self.silent:
                self.half_close(way)
            if len(self.silent) == len(self.ends):
                self.end(False)
        except OSError:
            self.end(True)

    async def _pass(self, way, sink, piece):
        """The fault of this moment, which may be another for what is left of the piece."""
        loop, route = asyncio.get_running_loop(), self.route
        while piece and way not in self.silent:
            fault = route.faults[way]
            if fault in ("reset", "refuse"):
                route.struck += 1
                raise ConnectionResetError
            if fault == "half":
                route.struck += 1
                self.half_close(way)
                return
            if fault == "blackhole":
                await route.changed.wait()
                continue
            if fault == "latency":
                await asyncio.sleep(random.uniform(*LATENCY_S))
            elif fault == "drip":
                await asyncio.sleep(DRIP_S)
            part = piece[:DRIP] if fault == "drip" else piece
            await loop.sock_sendall(sink, part)
            route.bytes += len(part)
            piece = piece[len(part):]


class Route:
    def __init__(self, name, listen, target):
        self.name, self.listen, self.target = name, listen, target
        self.faults, self.links, self.changed = {"up": "none", "down": "none"}, set(), asyncio.Event()
        self.made = self.bytes = self.struck = 0
        self.server = None

    def open(self):
        self.server = socket.socket()
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.server.bind(("127.0.0.1", self.listen))
        self.server.listen(256)
        self.server.setblocking(False)
        self.task = asyncio.ensure_future(self._accept())

    def close(self):
        self.task.cancel()
        self.server.close()
        self.server = None

    async def _accept(self):
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(self.server)
            client.setblocking(False)
            asyncio.ensure_future(self._connect(client))

    async def _connect(self, client):
        target = socket.socket()
        target.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(target, ("127.0.0.1", self.target))
        except OSError:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            client.close()
            target.close()
            return
        for end in (client, target):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.made += 1
        self.links.add(Link(self, client, target))

    def say(self, fault, ways):
        for way in ways:
            self.faults[way] = fault
        self.changed.set()
        self.changed = asyncio.Event()
        if fault == "refuse" and self.server:
            self.close()
        elif fault != "refuse" and not self.server:
            self.open()
        for link in list(self.links):
            if fault in ("reset", "refuse"):
                self.struck += 1
                link.end(True)
            elif fault == "half":
                self.struck += 1
                for way in ways:
                    link.half_close(way)


async def serve(control, routes):
    made = {}
    for word in routes:
        name, _, ports = word.partition("=")
        listen, _, target = ports.partition(":")
        made[name] = Route(name, int(listen), int(target))
        made[name].open()

    async def hear(reader, writer):
        name, fault, way = (await reader.readline()).decode().split()
        route = made[name]
        route.say(fault, ("up", "down") if way == "both" else (way,))
        writer.write(("%s %s: %d connections, %d bytes, %d struck\n" % (name, fault, route.made, route.bytes, route.struck)).encode())
        await writer.drain()
        writer.close()

    if os.path.exists(control):
        os.unlink(control)
    server = await asyncio.start_unix_server(hear, control)
    await server.serve_forever()


def say(control, name, fault, way="both"):
    if fault not in FAULTS:
        sys.exit("proxy.py: no fault %s" % fault)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(control)
        client.sendall(("%s %s %s\n" % (name, fault, way)).encode())
        return client.makefile().readline().strip()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2], sys.argv[3:]))
    else:
        print(say(*sys.argv[2:]))
