#pragma once

/*
 * What systemd is told (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names, so that Type=notify and WatchdogSec=
 * work without a library. Where nobody listens nothing happens: what is said here is never needed.
 */

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
        int descriptor; /* -1: nobody listens */
        struct sockaddr_un address;
        socklen_t size;
        int64_t watchdog_ms; /* how long it waits for WATCHDOG=1 before it ends us; 0: no watchdog */
} Notify;

void notify_open(Notify *notify);
void notify_send(const Notify *notify, const char *text); /* "READY=1", "WATCHDOG=1", "STOPPING=1" */
void notify_close(Notify *notify);
