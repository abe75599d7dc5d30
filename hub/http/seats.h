#pragma once

/*
 * Who sits at a server: a bounded number of connections, and of one peer's, of which the oldest gives way to a newcomer, so that
 * clients that never finish a request cannot keep others out; one that waits for its answer stays. Of the server's thread only.
 */

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum {
        SEATS_SPARE = 8
}; /* a newcomer must get in before the oldest can give way: the limit that the server is given */

typedef struct {
        struct MHD_Connection *connection;
        struct in6_addr peer; /* IPv4 as its bytes and zeros */
        bool is_waiting;      /* for an answer */
} Seat;

typedef struct {
        Seat *items; /* oldest first */
        size_t size, most, peer_most;
} Seats;

void seats_open(Seats *seats, size_t most, size_t peer_most);
void seats_note(Seats *seats, struct MHD_Connection *connection, enum MHD_ConnectionNotificationCode code);
void seats_mark(Seats *seats, const struct MHD_Connection *connection, bool is_waiting);
void seats_free(Seats *seats);
