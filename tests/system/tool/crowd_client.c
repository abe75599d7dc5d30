#include "tests/system/tool/crowd_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
        AGAIN_MS = 300,
        LIFE_MS = 8000,
        SLOW_MS = 50,
        SLOW_ROOM = 16 * 1024,
        SLOW_BUFFER = 8 * 1024,
        HUNDRED = 100,
        NEARLY_ALL = 99
};

int64_t crowd_ms(const Crowd *crowd)
{
        return crowd->now_us / MS_US;
}

static int64_t within(int64_t ms)
{
        return random() % (ms + 1);
}

static void watch(const Crowd *crowd, Client *client, uint32_t what, int how)
{
        struct epoll_event event = { .events = what, .data.ptr = client };

        if (epoll_ctl(crowd->poll, how, client->socket, &event) != 0)
                abort();
}

static void hang_up(const Crowd *crowd, Client *client, int64_t wait_ms)
{
        close(client->socket);
        client->socket = -1;
        client->is_resting = false;
        client->next_ms = crowd_ms(crowd) + wait_ms;
        ear_cut(&client->ear);
}

static void come(const Crowd *crowd, Client *client)
{
        const int small = SLOW_BUFFER;

        client->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (client->socket < 0)
                abort(); /* RLIMIT_NOFILE */
        if (client->kind == SLOW)
                (void)setsockopt(client->socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
        client->is_begun = client->is_through_head = false;
        if (connect(client->socket, (const struct sockaddr *)&crowd->peer, sizeof(crowd->peer)) != 0 &&
            errno != EINPROGRESS)
                hang_up(crowd, client, within(AGAIN_MS));
        else
                watch(crowd, client, EPOLLOUT, EPOLL_CTL_ADD);
}

/* HTTP/1.0 is answered without chunks, which is all that it needs to know of HTTP. */
static void ask(const Crowd *crowd, Client *client)
{
        char request[256], last[64] = "";
        int size;

        if (client->ear.last)
                snprintf(last, sizeof(last), "Last-Event-ID: %lld\r\n", (long long)client->ear.last);
        size = snprintf(request, sizeof(request), "GET /v1/stream/incidents%s HTTP/1.0\r\nHost: hub\r\n%s\r\n",
                        crowd->is_calm ? "" : "?after=0", last);
        if (send(client->socket, request, (size_t)size, MSG_NOSIGNAL) != size) {
                hang_up(crowd, client, within(AGAIN_MS));
                return;
        }
        client->is_begun = true;
        client->lives++;
        client->next_ms = client->kind == RESTLESS ? crowd_ms(crowd) + LIFE_MS / 4 + within(LIFE_MS) : INT64_MAX;
        watch(crowd, client, EPOLLIN, EPOLL_CTL_MOD);
}

/* The q-th of all who heard a number is when so many had it. */
static void heard(void *context, uint32_t feed)
{
        Crowd *crowd = context;
        const size_t n = crowd->size,
                     ranks[CROWD_MARKS] = { 1, (n + 1) / 2, (n * NEARLY_ALL + NEARLY_ALL) / HUNDRED, n };

        if (!crowd->times_path)
                return;
        if (feed >= crowd->times_most) {
                const size_t most = 2 * (size_t)feed + 1;

                crowd->times = realloc(crowd->times, most * sizeof(Times));
                if (!crowd->times)
                        abort();
                memset(crowd->times + crowd->times_most, 0, (most - crowd->times_most) * sizeof(Times));
                crowd->times_most = most;
        }
        crowd->times[feed].count++;
        for (size_t i = 0; i < CROWD_MARKS; i++)
                if (crowd->times[feed].count == ranks[i])
                        crowd->times[feed].at[i] = crowd->now_us;
}

/* The head is there at once, or with the next: it is short, and the server writes it whole. */
static const char *head_pass(const Crowd *crowd, Client *client, const char *bytes, size_t *size)
{
        const char *end = memmem(bytes, *size, "\r\n\r\n", 4);

        if (!end || !memmem(bytes, *size < 16 ? *size : 16, " 200 ", 5)) {
                hang_up(crowd, client, AGAIN_MS); /* 503: it only just starts */
                return NULL;
        }
        client->is_through_head = true;
        *size -= (size_t)(end + 4 - bytes);
        return end + 4;
}

static void hear(Crowd *crowd, Client *client)
{
        const int64_t before = client->ear.last;
        const ssize_t got = recv(client->socket, crowd->room, client->kind == SLOW ? SLOW_ROOM : CROWD_ROOM, 0);
        const char *bytes = crowd->room;
        size_t size = (size_t)got;

        if (got <= 0) {
                if (got == 0 || errno != EAGAIN)
                        hang_up(crowd, client, within(AGAIN_MS));
                return;
        }
        if (!client->is_through_head)
                bytes = head_pass(crowd, client, bytes, &size);
        if (!bytes)
                return;
        ear_hear(&client->ear, bytes, size, heard, crowd);
        if (client->ear.last > before)
                crowd->moved_ms = crowd_ms(crowd);
        if (client->kind != SLOW)
                return;
        client->is_resting = true;
        client->next_ms = crowd_ms(crowd) + SLOW_MS;
        watch(crowd, client, 0, EPOLL_CTL_MOD);
}

void client_tick(Crowd *crowd, Client *client)
{
        if (crowd_ms(crowd) < client->next_ms)
                return;
        if (client->socket < 0) {
                come(crowd, client);
        } else if (client->is_resting) {
                client->is_resting = false;
                client->next_ms = INT64_MAX;
                watch(crowd, client, EPOLLIN, EPOLL_CTL_MOD);
        } else if (client->is_begun) {
                hang_up(crowd, client, within(AGAIN_MS));
        }
}

void client_event(Crowd *crowd, Client *client, bool is_broken)
{
        if (client->is_begun)
                hear(crowd, client);
        else if (is_broken)
                hang_up(crowd, client, within(AGAIN_MS));
        else
                ask(crowd, client);
}
