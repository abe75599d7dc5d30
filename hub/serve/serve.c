#include "hub/serve/serve.h"

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/http/address.h"
#include "hub/serve/call.h"
#include "hub/serve/count.h"
#include "hub/serve/files.h"
#include "hub/serve/order/given.h"
#include "hub/serve/read/health.h"
#include "hub/serve/read/lists.h"
#include "hub/serve/stream/stream.h"
#include "hub/serve/worker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

enum {
        BODY_MOST = 64 * 1024,
        BODIES_MOST = 16 * 1024 * 1024,
        PEM_MOST = 1 << 20,
        SLICE_MS = 50,
        BUSY_MS = 1000,
        LISTENERS_OF_100 = 75
};

/* ---- where it listens ---- */

static bool is_loopback(const Address *address)
{
        const struct sockaddr *any = (const struct sockaddr *)&address->bytes;

        if (any->sa_family == AF_INET6)
                return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)&address->bytes)->sin6_addr);
        return ntohl(((const struct sockaddr_in *)(const void *)&address->bytes)->sin_addr.s_addr) >> 24 ==
               IN_LOOPBACKNET;
}

/* ---- who is let in ---- */

static People *door_people(const Config *config, Error *err)
{
        const ServeOptions *options = &config->serve;
        CLEANUP(mem_drop) char *links = text_format("%s/serve/links", config->state);

        return people_open(&(PeopleSetup){ .users = options->users,
                                           .keys = options->api_keys,
                                           .links = links,
                                           .idle_ms = options->session_idle,
                                           .most_ms = options->session_most,
                                           .tries = options->login_tries,
                                           .window_ms = options->login_window,
                                           .requests = options->requests,
                                           .anybody = (Role)options->anybody },
                           err);
}

/* Without a client or a role nobody would ever come in. */
static bool issuer_check(const ServeOptions *options, Error *err)
{
        Role role;

        if (!options->oidc_issuer)
                return true;
        if (!options->oidc_client || !options->oidc_redirect || !options->oidc_roles.size)
                return error_set(err, ERR_FATAL, NULL,
                                 "serve: oidc_issuer wants oidc_client, oidc_redirect and oidc_roles");
        if (options->oidc_secret_file && !secret_is_private(options->oidc_secret_file, err))
                return error_add(err, "serve.oidc_secret_file");
        for (size_t i = 0; i < options->oidc_roles.size; i++)
                if (!role_find(options->oidc_roles.values[i], &role))
                        return error_set(err, ERR_FATAL, NULL, "serve.oidc_roles: %s is no role",
                                         options->oidc_roles.values[i]);
        return true;
}

static bool people_check(const Config *config, Error *err)
{
        if (!issuer_check(&config->serve, err))
                return false;
        People *people = door_people(config, err);

        people_close(people);
        return people || error_add(err, "serve");
}

bool serve_check(const Config *config, Error *err)
{
        const ServeOptions *options = &config->serve;
        Address address;

        if (!address_read(options->listen, &address, err))
                return error_add(err, "serve.listen");
        if (!options->certificate != !options->key)
                return error_set(err, ERR_FATAL, NULL, "serve: TLS needs both certificate and key");
        if (options->key && !secret_is_private(options->key, err))
                return error_add(err, "serve.key");
        if (options->anybody && (!is_loopback(&address) || options->proxies.size))
                return error_set(err, ERR_FATAL, NULL, "serve.anybody: only on loopback, and behind no proxy");
        if (is_loopback(&address) || options->certificate || options->proxies.size)
                return people_check(config, err);
        return error_set(err, ERR_FATAL, NULL,
                         "serve.listen: %s is open to the network, which wants certificate and key, or proxies",
                         options->listen);
}

/* ---- requests ---- */

/* On the server's thread: what would wait goes to the workers. */
static void take(void *context, Exchange *exchange)
{
        Serve *serve = context;
        const ExchangeRequest *request = exchange_request(exchange);
        const Route *route = route_find(routes, request->method, request->path).route;
        Call *call;

        if (route && !(route->flags & ROUTE_DIRECT)) {
                if (!workers_give(serve->workers, exchange))
                        call_refuse(serve, exchange);
                return;
        }
        call = call_new(serve, exchange);
        if (call_open(call))
                call_run(call);
        call_end(call);
}

static void turn_away(void *context, Arena *texts, ExchangeAnswer *answer)
{
        call_turn_away(context, texts, answer);
}

/* ---- open and close ---- */

static bool health_say(void *context, Db *db, bool is_whole, Buffer *out, Error *err)
{
        const Serve *serve = context;

        return health_of(serve->config, db, is_whole, out, err);
}

/* Others than listeners must find a seat, too. */
static Stream *stream_of(Serve *serve)
{
        const ServeOptions *options = &serve->config->serve;

        return stream_open(&(StreamSetup){ .postgres = serve->config->postgres,
                                           .frames_most = (size_t)options->stream_versions,
                                           .bytes_most = (size_t)options->stream_bytes,
                                           .listeners_most = (size_t)options->connections * LISTENERS_OF_100 / 100,
                                           .metrics = serve->metrics,
                                           .health = health_say,
                                           .context = serve });
}

static bool pem_read(Buffer *out, const char *path, Error *err)
{
        return !path || file_read(out, path, PEM_MOST, err);
}

static bool door_open(Serve *serve, Error *err)
{
        const ServeOptions *options = &serve->config->serve;
        const ExchangesSetup setup = { .listen = options->listen,
                                       .body_most = BODY_MOST,
                                       .bodies_most = BODIES_MOST,
                                       .connections_most = (unsigned)options->connections,
                                       .certificate = serve->certificate.bytes,
                                       .key = serve->key.bytes,
                                       .take = take,
                                       .refused = turn_away,
                                       .context = serve };

        serve->exchanges = exchanges_open(&setup, err);
        if (serve->exchanges)
                log_info("serving", LOG_TEXT("address", exchanges_address(serve->exchanges)));
        return serve->exchanges;
}

static bool parts_open(Serve *serve, const ServeSetup *setup, Error *err)
{
        *serve = (Serve){ .config = setup->config, .metrics = setup->metrics, .health = setup->health };
        if (!serve_check(serve->config, err) || !pem_read(&serve->certificate, serve->config->serve.certificate, err) ||
            !pem_read(&serve->key, serve->config->serve.key, err))
                return false;
        if (!lists_open(serve, err))
                return false;
        serve->files = files_open(&serve->config->serve, err);
        if (!serve->files)
                return false;
        serve->people = door_people(serve->config, err);
        if (!serve->people)
                return false;
        if (serve->config->serve.anybody)
                log_warning("who is not logged in may ask: for trials only",
                            LOG_TEXT("role", role_name((Role)serve->config->serve.anybody)));
        if (serve->config->commands.keys) {
                serve->line = operate_open(serve->config, err);
                if (!serve->line)
                        return false;
        }
        serve->given = given_new();
        serve->oidc = oidc_new();
        serve->workers = workers_open(serve);
        serve->stream = stream_of(serve);
        return true;
}

bool serve_open(Serve *serve, const ServeSetup *setup, Error *err)
{
        if (parts_open(serve, setup, err) && door_open(serve, err))
                return true;
        serve_close(serve);
        return false;
}

/* The server first: after it nobody hands us anything. */
void serve_close(Serve *serve)
{
        exchanges_close(serve->exchanges);
        workers_close(serve->workers);
        files_close(serve->files);
        stream_close(serve->stream);
        people_close(serve->people);
        operate_close(serve->line);
        given_free(serve->given);
        lists_close(serve);
        oidc_free(serve->oidc);
        buffer_free(&serve->certificate);
        secret_free(&serve->key);
        *serve = (Serve){ 0 };
}

/* ---- run ---- */

static bool door_try(Serve *serve, int64_t *again, Error *err)
{
        if (serve->exchanges || time_monotonic() < *again || door_open(serve, err))
                return true;
        if (err->kind != ERR_RETRY)
                return false;
        if (!*again)
                log_warning("serve tries again", LOG_TEXT("error", err->text));
        *again = time_monotonic() + BUSY_MS;
        return true;
}

bool serve_run(const ServeSetup *setup, Error *err)
{
        Serve serve;
        int64_t again = 0;
        bool is_fine = parts_open(&serve, setup, err);

        while (is_fine && !setup->stopped(setup->context)) {
                health_beat(serve.health);
                count_waiting(serve.metrics, (int64_t)workers_waiting(serve.workers));
                is_fine = door_try(&serve, &again, err);
                poll(NULL, 0, SLICE_MS);
        }
        health_stop(serve.health);
        serve_close(&serve);
        return is_fine;
}
