#pragma once

/*
 * hub serve: the command centre's interface. An HTTP server whose requests are answered by a pool of workers, each with a
 * connection of its own to PostgreSQL, as the role hub_api and read-only: it writes nothing, what operators say goes to Kafka.
 * Requests wait in a bounded queue; when it is full they are told 503 with Retry-After. While PostgreSQL is away so are all
 * that need it; the process stays.
 *
 * It listens on loopback, or with TLS, or where a proxy is named: else ERR_FATAL.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/config/config.h"
#include "hub/http/exchange.h"
#include "hub/operate/operate.h"
#include "hub/people/people.h"
#include "hub/serve/door/oidc.h"

#include <stdatomic.h>

typedef struct Given Given;
typedef struct Stream Stream;
typedef struct Workers Workers;
typedef struct Files Files;

/* What its parts share: read by all threads, written while it is opened and closed. */
typedef struct Serve {
        const Config *config;
        Metrics *metrics; /* NULL: nobody counts */
        Health *health;   /* the same */
        Workers *workers;
        Files *files;
        People *people;
        Line *line;          /* NULL: commands.keys is not set */
        Given *given;        /* commands of lately */
        atomic_int awaiting; /* requests that wait for what becomes of a command */
        Stream *stream;
        Oidc *oidc;
        Exchanges *exchanges; /* opened last */
        Buffer certificate, key;
        Buffer categories, openapi; /* as they are told */
        int32_t threshold;          /* points from which on a report joins an incident, by the rules of now */
} Serve;

typedef struct {
        const Config *config;
        Metrics *metrics;
        Health *health;
        bool (*stopped)(void *context); /* asked often; from the first true on it ends */
        void *context;
} ServeSetup;

bool serve_check(const Config *config, Error *err);                 /* without network: ERR_FATAL */
bool serve_open(Serve *serve, const ServeSetup *setup, Error *err); /* ERR_RETRY: the port is busy */
void serve_close(Serve *serve);

bool serve_run(const ServeSetup *setup, Error *err); /* returns when stopped; a busy port is waited for */
