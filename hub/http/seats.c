#include "hub/http/seats.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void seats_open(Seats *seats, size_t most)
{
        *seats = (Seats){ .items = mem_new((most + SEATS_SPARE) * sizeof(Seat)), .most = most };
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

/* One that was ended keeps its seat until that is seen, so each newcomer ends one more. */
static void oldest_end(const Seats *seats)
{
        size_t more = seats->size + 1 - seats->most;

        for (size_t i = 0; i < seats->size && more; i++) {
                if (seats->items[i].is_waiting)
                        continue;
                connection_end(seats->items[i].connection);
                more--;
        }
}

void seats_note(Seats *seats, struct MHD_Connection *connection, enum MHD_ConnectionNotificationCode code)
{
        Seat *seat = seat_of(seats, connection);

        if (code == MHD_CONNECTION_NOTIFY_STARTED) {
                if (seats->size >= seats->most)
                        oldest_end(seats);
                if (seats->size < seats->most + SEATS_SPARE)
                        seats->items[seats->size++] = (Seat){ .connection = connection };
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
