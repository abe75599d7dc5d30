#include "hub/source/tcp/callers.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVENTS = 256, BACKLOG = 4096, FILES_SPARE = 128, DEAF_MS = 1000, LOOK_MS = 1000 };

/* ---- open ---- */

/* As many as are wanted, or as there are files for, which is told. */
static size_t files_claim(size_t wanted)
{
        struct rlimit files = { 0 };
        const rlim_t need = wanted + FILES_SPARE;
        size_t most;

        (void)getrlimit(RLIMIT_NOFILE, &files);
        if (files.rlim_cur >= need)
                return wanted;
        files.rlim_cur = files.rlim_max < need ? files.rlim_max : need;
        (void)setrlimit(RLIMIT_NOFILE, &files);
        (void)getrlimit(RLIMIT_NOFILE, &files);
        if (files.rlim_cur >= need)
                return wanted;
        most = files.rlim_cur > (rlim_t)FILES_SPARE * 2 ? (size_t)files.rlim_cur - FILES_SPARE : FILES_SPARE;
        log_warning("fewer connections than configured: too few files may be open",
                    LOG_NUMBER("connections", (int64_t)most), LOG_NUMBER("files", (int64_t)files.rlim_cur));
        return most < wanted ? most : wanted;
}

bool callers_open(Callers *callers, const TcpOptions *options, const Frames *form, Error *err)
{
        const TlsFiles files = tcp_tls_files(options);

        *callers =
                (Callers){ .options = options, .form = *form, .listener = -1, .epoll = epoll_create1(EPOLL_CLOEXEC) };
        if (callers->epoll < 0)
                return error_set(err, ERR_RETRY, NULL, "epoll: %s", strerror(errno));
        callers->most = files_claim((size_t)options->connections);
        callers->tls = files.certificate ? tls_open(&files, err) : NULL;
        return callers->tls || !files.certificate;
}

void callers_close(Callers *callers)
{
        for (size_t i = 0; i < callers->size; i++)
                connection_free(callers->items[i]);
        free(callers->items);
        if (callers->listener >= 0)
                close(callers->listener);
        if (callers->epoll >= 0)
                close(callers->epoll);
        tls_free(callers->tls);
        *callers = (Callers){ .listener = -1, .epoll = -1 };
}

/* data NULL is the listener. */
static void watch(const Callers *callers, int operation, int descriptor, uint32_t wants, Connection *connection)
{
        struct epoll_event event = { .events = wants, .data.ptr = connection };

        (void)epoll_ctl(callers->epoll, operation, descriptor, &event);
}

bool callers_listen(Callers *callers, Error *err)
{
        char text[ADDRESS_TEXT_SIZE];
        Address address;

        if (!address_read(callers->options->listen, &address, err) ||
            !address_listen(&address, &callers->listener, err))
                return error_add(err, "listen");
        (void)listen(callers->listener, BACKLOG); /* after a restart all devices call at once */
        watch(callers, EPOLL_CTL_ADD, callers->listener, EPOLLIN, NULL);
        log_info("listening", LOG_TEXT("address", address_text(&address, text)),
                 LOG_NUMBER("connections", (int64_t)callers->most));
        return true;
}

/* ---- the line ---- */

void callers_line(Callers *callers, Connection *connection)
{
        if (connection->is_waiting)
                return;
        connection->is_waiting = true;
        connection->next = NULL;
        if (callers->last)
                callers->last->next = connection;
        else
                callers->first = connection;
        callers->last = connection;
}

Connection *callers_next(Callers *callers)
{
        Connection *connection = callers->first;

        if (!connection)
                return NULL;
        callers->first = connection->next;
        if (!callers->first)
                callers->last = NULL;
        connection->is_waiting = false;
        return connection;
}

/* ---- who is there ---- */

void callers_update(Callers *callers, Connection *connection)
{
        const uint32_t wants = connection_wants(connection);

        callers->is_littered = callers->is_littered || connection_is_over(connection);
        if (connection->descriptor < 0 && connection->is_seated) {
                connection->is_seated = false;
                callers->taken--;
        }
        if (connection->descriptor < 0 || wants == connection->interest)
                return;
        connection->interest = wants;
        watch(callers, EPOLL_CTL_MOD, connection->descriptor, wants, connection);
}

/* What it sent before stays to be cut. */
static void leave(Callers *callers, Connection *connection)
{
        connection_break(connection);
        callers_update(callers, connection);
        callers_line(callers, connection);
}

void callers_forgive(Callers *callers, int64_t ms)
{
        for (size_t i = 0; i < callers->size; i++)
                callers->items[i]->heard_ms += ms;
}

void callers_look(Callers *callers, int64_t now)
{
        const int64_t idle = callers->options->idle;

        if (now - callers->looked_ms < (idle < LOOK_MS ? idle : LOOK_MS))
                return;
        callers->looked_ms = now;
        for (size_t i = 0; i < callers->size; i++)
                if (callers->items[i]->is_seated && now - callers->items[i]->heard_ms >= idle)
                        leave(callers, callers->items[i]);
}

void callers_reap(Callers *callers)
{
        size_t kept = 0;

        if (!callers->is_littered)
                return;
        for (size_t i = 0; i < callers->size; i++) {
                Connection *connection = callers->items[i];

                if (!connection_is_over(connection)) {
                        callers->items[kept++] = connection;
                        continue;
                }
                connection_break(connection);
                callers_update(callers, connection);
                connection_free(connection);
        }
        callers->size = kept;
        callers->is_littered = false;
}

/* ---- who comes ---- */

typedef struct {
        size_t of_peer;
        Connection *quietest; /* of that peer */
        Connection *mute;     /* of all that never sent a whole frame, the one that is here longest */
} Crowd;

static Crowd crowd_of(const Callers *callers, const char *peer)
{
        Crowd crowd = { 0 };

        for (size_t i = 0; i < callers->size; i++) {
                Connection *other = callers->items[i];

                if (!other->is_seated)
                        continue;
                if (!other->has_spoken && (!crowd.mute || other->heard_ms < crowd.mute->heard_ms))
                        crowd.mute = other;
                if (!text_same(other->peer, peer))
                        continue;
                crowd.of_peer++;
                if (!crowd.quietest || other->heard_ms < crowd.quietest->heard_ms)
                        crowd.quietest = other;
        }
        return crowd;
}

/* False: there is no seat for it. */
static bool seat_make(Callers *callers, const char *peer)
{
        const Crowd crowd = crowd_of(callers, peer);
        const bool is_crowd = crowd.of_peer >= (size_t)callers->options->connections_per_peer;
        Connection *goes = is_crowd ? crowd.quietest : callers->taken >= callers->most ? crowd.mute : NULL;

        if (goes) {
                log_limited(LOG_WARNING, "too many connections: one gives way",
                            (LogKey[]){ LOG_TEXT("peer", goes->peer), LOG_TEXT("for", peer), { 0 } });
                leave(callers, goes);
        }
        return callers->taken < callers->most;
}

static void take_in(Callers *callers, int descriptor, const Address *address)
{
        Connection *connection =
                connection_new(descriptor, address, &callers->form, callers->tls ? tls_peer_new(callers->tls) : NULL);

        if (!seat_make(callers, connection->peer)) {
                log_limited(LOG_WARNING, "too many connections: a newcomer is refused",
                            (LogKey[]){ LOG_TEXT("peer", connection->peer), { 0 } });
                callers->refused++;
                connection_free(connection);
                return;
        }
        if (callers->size == callers->room) {
                callers->room = callers->room ? callers->room * 2 : EVENTS;
                callers->items = mem_resize(callers->items, callers->room * sizeof(Connection *));
        }
        callers->items[callers->size++] = connection;
        callers->taken++;
        connection->is_seated = true;
        connection->interest = connection_wants(connection);
        watch(callers, EPOLL_CTL_ADD, descriptor, connection->interest, connection);
}

/* No more files, no memory: to ask again at once would only burn. */
static void grow_deaf(Callers *callers)
{
        log_limited(LOG_ERROR, "nobody can come in", (LogKey[]){ LOG_TEXT("why", strerror(errno)), { 0 } });
        watch(callers, EPOLL_CTL_MOD, callers->listener, 0, NULL);
        callers->deaf_until = time_monotonic() + DEAF_MS;
}

static void door_open(Callers *callers)
{
        int descriptor = -1;

        for (int i = 0; i < EVENTS; i++) {
                Address address = { .size = sizeof(address.bytes) };

                descriptor = accept4(callers->listener, (struct sockaddr *)&address.bytes, &address.size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (descriptor < 0)
                        break;
                take_in(callers, descriptor, &address);
        }
        if (descriptor < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
                grow_deaf(callers);
        callers->is_knocked_at = false;
}

/* ---- wait ---- */

static void event_take(Callers *callers, const struct epoll_event *event)
{
        Connection *connection = event->data.ptr;

        if (!connection) {
                callers->is_knocked_at = true;
                return;
        }
        if (event->events & EPOLLOUT)
                connection_flush(connection);
        if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                connection_receive(connection);
        callers_line(callers, connection);
        callers_update(callers, connection);
}

/* Those who wait outside come in only when all that was sent inside is cut: who spoke keeps the seat. */
void callers_wait(Callers *callers, int wait_ms)
{
        struct epoll_event events[EVENTS];
        int size;

        if (callers->deaf_until && time_monotonic() >= callers->deaf_until) {
                watch(callers, EPOLL_CTL_MOD, callers->listener, EPOLLIN, NULL);
                callers->deaf_until = 0;
        }
        if (callers->is_knocked_at)
                door_open(callers);
        size = epoll_wait(callers->epoll, events, EVENTS, callers->first ? 0 : wait_ms);
        for (int i = 0; i < size; i++)
                event_take(callers, &events[i]);
}
