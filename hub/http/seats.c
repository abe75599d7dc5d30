#include "hub/http/seats.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void seats_open(Seats *seats, size_t most, size_t peer_most)
{
        *seats = (Seats){ .items = mem_new((most + SEATS_SPARE) * sizeof(Seat)), .most = most, .peer_most = peer_most };
}

void seats_free(Seats *seats)
{
        free(seats->items);
        *seats = (Seats){ 0 };
}

static Seat *seat_of(const Seats *seats, const struct MHD_Connection *connection)
{
        for (size_t i = 0; i < seats->size; i++)
                if (seats->items[i].connection == connection)
                        return &seats->items[i];
        return NULL;
}

/* libmicrohttpd sees the end of it and closes it; to close it here would hand its number to another. */
static void connection_end(struct MHD_Connection *connection)
{
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

        if (info)
                shutdown(info->connect_fd, SHUT_RDWR);
}

static struct in6_addr peer_of(struct MHD_Connection *connection)
{
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        struct in6_addr peer = { 0 };
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;

        if (info && info->client_addr && info->client_addr->sa_family == AF_INET) {
                memcpy(&ipv4, info->client_addr, sizeof(ipv4));
                memcpy(&peer, &ipv4.sin_addr, sizeof(ipv4.sin_addr));
        } else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6) {
                memcpy(&ipv6, info->client_addr, sizeof(ipv6));
                peer = ipv6.sin6_addr;
        }
        return peer;
}

static bool is_of(const Seat *seat, const struct in6_addr *peer)
{
        return !peer || memcmp(&seat->peer, peer, sizeof(*peer)) == 0;
}

static size_t seats_of(const Seats *seats, const struct in6_addr *peer)
{
        size_t found = 0;

        for (size_t i = 0; i < seats->size; i++)
                found += is_of(&seats->items[i], peer);
        return found;
}

/* One that was ended keeps its seat until that is seen, so each newcomer ends one more. Peer NULL: of all. */
static void oldest_end(const Seats *seats, const struct in6_addr *peer, size_t most)
{
        size_t now = seats_of(seats, peer), more = now >= most ? now + 1 - most : 0;

        for (size_t i = 0; i < seats->size && more; i++) {
                if (seats->items[i].is_waiting || !is_of(&seats->items[i], peer))
                        continue;
                connection_end(seats->items[i].connection);
                more--;
        }
}

void seats_note(Seats *seats, struct MHD_Connection *connection, enum MHD_ConnectionNotificationCode code)
{
        Seat *seat = seat_of(seats, connection);

        if (code == MHD_CONNECTION_NOTIFY_STARTED) {
                const struct in6_addr peer = peer_of(connection);

                oldest_end(seats, NULL, seats->most);
                oldest_end(seats, &peer, seats->peer_most);
                if (seats->size < seats->most + SEATS_SPARE)
                        seats->items[seats->size++] = (Seat){ .connection = connection, .peer = peer };
        } else if (seat) {
                seats->size--;
                memmove(seat, seat + 1, (size_t)(seats->items + seats->size - seat) * sizeof(Seat));
        }
}

void seats_mark(Seats *seats, const struct MHD_Connection *connection, bool is_waiting)
{
        Seat *seat = seat_of(seats, connection);

        if (seat)
                seat->is_waiting = is_waiting;
}
