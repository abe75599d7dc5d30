#pragma once

/*
 * One client of a crowd that listens to the stream of incidents: it comes, asks from where it was cut off, hears, hangs up now and then, reads slowly, and
 * comes again, whatever becomes of its server. In the one thread of the crowd.
 */

#include "tests/system/tool/crowd_ear.h"

#include <netinet/in.h>

enum { CROWD_ROOM = 1 << 18, CROWD_MARKS = 4, SECOND_MS = 1000, MS_US = 1000 };

typedef enum { CALM, RESTLESS, SLOW } Kind;

typedef struct {
        Ear ear;
        Kind kind;
        int socket; /* -1: none */
        bool is_begun, is_through_head, is_resting;
        unsigned lives;
        int64_t next_ms; /* when it comes again, hangs up, or reads on */
} Client;

typedef struct {
        uint32_t count;
        int64_t at[CROWD_MARKS];
} Times;

typedef struct {
        struct sockaddr_in peer;
        Client *clients;
        size_t size;
        const char *until, *result, *times_path;
        bool is_calm;
        int64_t seconds, target, looked_ms, moved_ms, ends_ms;
        int poll;
        Times *times; /* by number */
        size_t times_most;
        int64_t now_us;
        char room[CROWD_ROOM];
} Crowd;

int64_t crowd_ms(const Crowd *crowd);                            /* of now_us */
void client_event(Crowd *crowd, Client *client, bool is_broken); /* its socket has something to say */
void client_tick(Crowd *crowd, Client *client);                  /* often */
