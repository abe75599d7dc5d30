#include "hub/source/tcp/connection.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A peer that does not read its answers is let go: it asks for them again. */
enum { PIECE = 16 * 1024, OUT_MOST = 256 * 1024, PROBE_S = 60, PROBES = 3 };

/* A device that lost its power says no goodbye. */
static void probe(int descriptor)
{
        const int yes = 1, after = PROBE_S, most = PROBES;

        (void)setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &after, sizeof(after));
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &after, sizeof(after));
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &most, sizeof(most));
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

Connection *connection_new(int descriptor, const Address *address, const Frames *frames, TlsPeer *tls)
{
        Connection *connection = mem_new(sizeof(Connection));
        char *port;

        connection->descriptor = descriptor;
        connection->frames = *frames;
        connection->tls = tls;
        connection->heard_ms = time_monotonic();
        port = strrchr(address_text(address, connection->peer), ':');
        if (port)
                *port = '\0';
        probe(descriptor);
        return connection;
}

void connection_free(Connection *connection)
{
        connection_break(connection);
        frames_free(&connection->frames);
        tls_peer_free(connection->tls);
        buffer_free(&connection->said);
        buffer_free(&connection->out);
        free(connection);
}

void connection_break(Connection *connection)
{
        connection->has_ended = connection->is_broken = true;
        buffer_clear(&connection->out);
        connection->out_at = 0;
        if (connection->descriptor >= 0)
                close(connection->descriptor); /* which epoll notices */
        connection->descriptor = -1;
}

void connection_mute(Connection *connection)
{
        connection->has_ended = true;
        if (connection->descriptor >= 0)
                shutdown(connection->descriptor, SHUT_RD);
}

static void tls_take(Connection *connection, const char *piece, size_t size)
{
        Error why = { 0 };
        const TlsResult result = tls_receive(connection->tls, piece, size, &connection->said, &connection->out, &why);

        if (connection->said.size)
                frames_add(&connection->frames, connection->said.bytes, connection->said.size);
        buffer_clear(&connection->said);
        connection_flush(connection);
        if (result == TLS_BROKEN) {
                log_limited(LOG_WARNING, "a peer speaks no TLS of ours",
                            (LogKey[]){ LOG_TEXT("peer", connection->peer), LOG_TEXT("why", why.text), { 0 } });
                connection_break(connection);
        }
        connection->has_ended = connection->has_ended || result == TLS_ENDED;
}

static void bytes_take(Connection *connection, const char *piece, size_t size)
{
        connection->received_ms = time_now();
        if (connection->tls)
                tls_take(connection, piece, size);
        else
                frames_add(&connection->frames, piece, size);
}

void connection_receive(Connection *connection)
{
        /* Of one that has ended epoll has nothing else to say than that it is gone. */
        char piece[PIECE];
        const bool is_gone = connection->has_ended;
        const ssize_t got = is_gone ? -1 : recv(connection->descriptor, piece, sizeof(piece), 0);

        if (got > 0)
                bytes_take(connection, piece, (size_t)got);
        else if (got == 0)
                connection->has_ended = true; /* it may still listen */
        else if (is_gone || (errno != EAGAIN && errno != EINTR))
                connection_break(connection);
}

void connection_flush(Connection *connection)
{
        Buffer *out = &connection->out;

        if (!out->size)
                return;
        while (connection->descriptor >= 0 && connection->out_at < out->size) {
                const ssize_t sent = send(connection->descriptor, out->bytes + connection->out_at,
                                          out->size - connection->out_at, MSG_NOSIGNAL);

                if (sent < 0 && errno == EAGAIN)
                        break;
                if (sent < 0 && errno != EINTR) {
                        connection->is_broken = true; /* what it sent before it hung up may still be read */
                        connection->out_at = out->size;
                } else if (sent > 0) {
                        connection->out_at += (size_t)sent;
                }
        }
        if (out->size - connection->out_at > OUT_MOST) {
                connection_break(connection);
                return;
        }
        memmove(out->bytes, out->bytes + connection->out_at, out->size - connection->out_at);
        out->size -= connection->out_at;
        connection->out_at = 0;
}

void connection_say(Connection *connection, const void *bytes, size_t size)
{
        if (connection->is_broken)
                return;
        if (!connection->tls)
                buffer_add(&connection->out, bytes, size);
        else if (!tls_say(connection->tls, bytes, size, &connection->out))
                connection_break(connection);
        connection_flush(connection);
}

bool connection_is_over(const Connection *connection)
{
        const bool is_told = connection->is_broken || !connection->out.size;

        return connection->has_ended && !connection->is_waiting && !connection->unsettled && is_told;
}

uint32_t connection_wants(const Connection *connection)
{
        return (connection->has_ended ? 0 : (uint32_t)EPOLLIN) | (connection->out.size ? (uint32_t)EPOLLOUT : 0);
}
