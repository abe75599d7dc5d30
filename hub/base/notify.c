#include "hub/base/notify.h"

#include "hub/base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* WATCHDOG_PID names whom it is for: a child that inherits the environment is not. */
static int64_t watchdog_read(void)
{
        const char *pid = getenv("WATCHDOG_PID"), *us = getenv("WATCHDOG_USEC");
        int64_t number;

        if (!us || !text_read_integer(us, &number) || number <= 0)
                return 0;
        const int64_t ms = number / 1000;
        return pid && (!text_read_integer(pid, &number) || number != getpid()) ? 0 : ms;
}

void notify_open(Notify *notify)
{
        const char *path = getenv("NOTIFY_SOCKET");
        const size_t size = path ? strlen(path) : 0;

        *notify = (Notify){ .descriptor = -1, .address.sun_family = AF_UNIX };
        if (size < 2 || size >= sizeof(notify->address.sun_path) || (path[0] != '/' && path[0] != '@'))
                return;
        memcpy(notify->address.sun_path, path, size);
        if (path[0] == '@') /* an abstract name */
                notify->address.sun_path[0] = '\0';
        notify->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
        notify->descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (notify->descriptor >= 0)
                notify->watchdog_ms = watchdog_read();
}

void notify_send(const Notify *notify, const char *text)
{
        if (notify->descriptor >= 0)
                (void)sendto(notify->descriptor, text, strlen(text), MSG_NOSIGNAL,
                             (const struct sockaddr *)&notify->address, notify->size);
}

void notify_close(Notify *notify)
{
        if (notify->descriptor >= 0)
                close(notify->descriptor);
        notify->descriptor = -1;
}
