#pragma once

/*
 * One peer of a TCP server: its socket, which never waits, what came of a frame, what is still to be sent. It lives until
 * all of its records are settled; the socket may be gone before.
 *
 * has_ended: no more bytes will come. is_broken: nothing can be sent any more.
 */

#include "hub/base/tls.h"
#include "hub/http/address.h"
#include "hub/source/frame/frames.h"

typedef struct Connection {
        int descriptor;               /* -1: closed */
        char peer[ADDRESS_TEXT_SIZE]; /* its address without the port: the same device at its next call */
        Frames frames;
        TlsPeer *tls;     /* NULL: none */
        Buffer said, out; /* what TLS unwrapped; what waits to be sent, from out_at on */
        size_t out_at;
        int64_t received_ms;                   /* when its newest bytes came */
        int64_t heard_ms;                      /* monotonic: its newest whole frame, at first its call */
        size_t unsettled;                      /* records of it that are not acknowledged */
        uint32_t interest;                     /* what epoll watches */
        bool has_ended, is_broken, has_spoken; /* has_spoken: a whole frame came */
        bool is_seated;                        /* has a socket, and counts */
        bool is_waiting;                       /* in the line of those whose bytes may hold a frame */
        struct Connection *next;               /* in that line */
} Connection;

Connection *connection_new(int descriptor, const Address *address, const Frames *frames, TlsPeer *tls);
void connection_free(Connection *connection);
void connection_receive(Connection *connection);                             /* one piece; what TLS asks for is sent */
void connection_say(Connection *connection, const void *bytes, size_t size); /* sent now, or as the peer takes it */
void connection_flush(Connection *connection);
void connection_mute(Connection *connection);            /* takes no more from it */
void connection_break(Connection *connection);           /* closes the socket; what came stays to be cut */
bool connection_is_over(const Connection *connection);   /* nothing more to cut, send or settle */
uint32_t connection_wants(const Connection *connection); /* of epoll */
