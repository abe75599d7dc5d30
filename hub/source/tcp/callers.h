#pragma once

/*
 * The connections of a TCP server: who listens, who may come in, who has to go, and what epoll watches. A connection that has
 * to go is cut to its end as any other: it stands in the line, and is freed by callers_reap() once it is over.
 *
 * Time here is monotonic.
 */

#include "hub/source/tcp/connection.h"
#include "hub/source/tcp/tcp_options.h"

typedef struct {
        const TcpOptions *options;
        Tls *tls;    /* owned; NULL: none */
        Frames form; /* of each connection */
        int listener, epoll;
        size_t most;                     /* seats, as many as there are files for */
        Connection **items;              /* owned: all that live, with or without a seat */
        size_t size, room, taken;        /* taken: seats */
        Connection *first, *last;        /* the line of those whose bytes may hold a frame */
        bool is_knocked_at, is_littered; /* somebody waits to come in; somebody may be over */
        int64_t deaf_until, looked_ms;
        int64_t refused; /* newcomers without a seat */
} Callers;

bool callers_open(Callers *callers, const TcpOptions *options, const Frames *form, Error *err); /* no network yet */
void callers_close(Callers *callers);
bool callers_listen(Callers *callers, Error *err); /* once; ERR_RETRY: the port is taken */
void callers_wait(Callers *callers,
                  int wait_ms); /* who came comes in; who sent stands in the line; what can be sent is */
void callers_line(Callers *callers, Connection *connection); /* to its end */
Connection *callers_next(Callers *callers);                  /* the first of the line, which leaves it; NULL: nobody */
void callers_update(Callers *callers, Connection *connection); /* after whatever was done to it */
void callers_look(Callers *callers, int64_t now);              /* now and then: who was silent for too long goes */
void callers_forgive(Callers *callers, int64_t ms);            /* so long we did not listen: nobody was silent then */
void callers_reap(Callers *callers);                           /* frees those that are over */
