/* A request at the door: what is none of ours, wrongly signed or too much is turned away here; the rest waits at the desk. */

#include "hub/source/http_push/push_source.h"

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/http_push/push_sign.h"

#include <string.h>

enum {
        BAD_REQUEST = 400,
        UNAUTHORIZED = 401,
        NOT_FOUND = 404,
        NOT_ALLOWED = 405,
        PATH_MOST = 1024,
        BODIES_LEAST = 64 * 1024 * 1024,
        PEM_MOST = 256 * 1024,
        SECOND = 1000,
        /* Whoever wants to fill our rejects gets so many in, then one a second. */
        SPARED_MOST = 60,
        SPARED_SIZE = 64 * 1024,
};

static void refused_note(Source *source, unsigned status, const char *why)
{
        pthread_mutex_lock(&source->lock);
        source->refused++;
        pthread_mutex_unlock(&source->lock);
        log_limited(LOG_WARNING, "requests are refused",
                    (LogKey[]){ LOG_NUMBER("status", status), LOG_TEXT("why", why), { 0 } });
}

static void turn_away(Source *source, Exchange *exchange, unsigned status, const char *why)
{
        refused_note(source, status, why);
        if (status == NOT_ALLOWED)
                (void)exchange_answer(exchange, &(ExchangeAnswer){ .status = status,
                                                                   .headers = (const ExchangeHeader[]){
                                                                           { "Allow", source->allow }, { 0 } } });
        else
                (void)push_tell(source, exchange, status);
}

static bool is_plain(const char *path)
{
        const size_t size = strlen(path);

        for (size_t i = 0; i < size; i++)
                if ((unsigned char)path[i] < ' ' || path[i] == 0x7f)
                        return false;
        return size <= PATH_MOST && text_is_utf8(path, size);
}

static unsigned address_check(const Source *source, const ExchangeRequest *request, const char **why)
{
        *why = "the path";
        if (!is_plain(request->path))
                return BAD_REQUEST;
        if (!push_path_is_ours(source->options, request->path))
                return NOT_FOUND;
        *why = "the method";
        return push_method_is_ours(source->options, request->method) ? 0 : NOT_ALLOWED;
}

static unsigned overload_check(Source *source, const ExchangeRequest *request, const char **why)
{
        unsigned status;

        pthread_mutex_lock(&source->lock);
        status = desk_overload(source, request, why);
        pthread_mutex_unlock(&source->lock);
        return status;
}

/* ---- signed ---- */

static bool may_be_kept(Source *source, size_t size)
{
        const int64_t now = time_monotonic(), gained = (now - source->spared_at) / SECOND;

        if (gained > 0) {
                source->spared =
                        gained + source->spared > SPARED_MOST ? SPARED_MOST : source->spared + (unsigned)gained;
                source->spared_at = now;
        }
        if (!source->spared || size > SPARED_SIZE)
                return false;
        source->spared--;
        return true;
}

/* Right, or wrong and to be kept as rejected: true. Else why is 401. */
static bool signature_judge(Source *source, const Exchange *exchange, Waiting *waiting)
{
        const ExchangeRequest *request = exchange_request(exchange);
        const Signed of = { .id = exchange_header(exchange, "webhook-id"),
                            .timestamp = exchange_header(exchange, "webhook-timestamp"),
                            .signature = exchange_header(exchange, "webhook-signature"),
                            .body = request->body,
                            .size = request->size };

        push_secrets_look(&source->keys);
        if (sign_check(&of, &source->keys, source->options->tolerance, waiting->received, &waiting->refusal)) {
                waiting->signed_id = text_copy(of.id);
                return true;
        }
        return may_be_kept(source, request->size);
}

/* One that was told already is told the same. */
static bool replay_tell(Source *source, const Waiting *waiting)
{
        const ExchangeAnswer *told = NULL;

        pthread_mutex_lock(&source->lock);
        if (waiting->signed_id)
                told = push_seen_get(source->seen, waiting->signed_id, waiting->digest);
        if (told)
                (void)exchange_answer(waiting->exchange, told);
        pthread_mutex_unlock(&source->lock);
        if (told)
                log_limited(LOG_INFO, "signed requests came again and were answered as before",
                            (LogKey[]){ LOG_TEXT("id", waiting->signed_id), { 0 } });
        return told;
}

/* ---- take ---- */

static void request_take(void *context, Exchange *exchange)
{
        Source *source = context;
        const ExchangeRequest *request = exchange_request(exchange);
        const char *why;
        unsigned status = address_check(source, request, &why);
        Waiting *waiting;

        status = status ? status : overload_check(source, request, &why);
        if (status) {
                turn_away(source, exchange, status, why);
                return;
        }
        waiting = mem_new(sizeof(Waiting));
        waiting->exchange = exchange;
        waiting->received = time_now();
        sha256(request->body, request->size, waiting->digest);
        if (source->options->signature != SIGNATURE_NONE && !signature_judge(source, exchange, waiting)) {
                turn_away(source, exchange, UNAUTHORIZED, waiting->refusal.text);
                waiting_free(waiting);
        } else if (replay_tell(source, waiting)) {
                waiting_free(waiting);
        } else {
                pthread_mutex_lock(&source->lock);
                desk_add(source, waiting);
                pthread_mutex_unlock(&source->lock);
        }
}

static void request_refused(void *context, Arena *texts, ExchangeAnswer *answer)
{
        (void)texts;
        refused_note(context, answer->status, "at its head or its body's size");
}

static const char *password_at(void *context, size_t index)
{
        Source *source = context;

        if (index == 0)
                push_secrets_look(&source->passwords);
        return index < source->passwords.size ? source->passwords.lines[index].bytes : NULL;
}

/* ---- open ---- */

static bool secrets_open(Source *source, Error *err)
{
        const PushOptions *of = source->options;

        source->passwords = (PushSecrets){ .path = of->password_file };
        source->keys = (PushSecrets){ .path = of->secret_file, .is_key = true };
        return (!of->password_file || push_secrets_read(&source->passwords, err)) &&
               (!of->secret_file || push_secrets_read(&source->keys, err));
}

static bool tls_open(Source *source, Error *err)
{
        const PushOptions *of = source->options;

        buffer_clear(&source->certificate);
        secret_free(&source->key);
        return !of->tls_certificate || (file_read(&source->certificate, of->tls_certificate, PEM_MOST, err) &&
                                        file_read(&source->key, of->tls_key, PEM_MOST, err));
}

bool push_door_open(Source *source, Error *err)
{
        const PushOptions *of = source->options;
        const size_t bodies = (size_t)of->byte_cap * 4;
        ExchangesSetup setup = { .listen = of->listen,
                                 .body_most = (size_t)of->byte_cap,
                                 .bodies_most = bodies > BODIES_LEAST ? bodies : BODIES_LEAST,
                                 .connections_most = (unsigned)of->connections,
                                 .peer_most = (unsigned)of->connections_per_peer,
                                 .silence_s = (unsigned)((of->silence + SECOND - 1) / SECOND),
                                 .request_ms = of->request_timeout,
                                 .take = request_take,
                                 .refused = request_refused,
                                 .context = source,
                                 .auth = { .kind = (ExchangeAuthKind)of->auth,
                                           .realm = of->realm,
                                           .user = of->user,
                                           .header = of->token_header,
                                           .is_sha256 = of->digest,
                                           .secret = password_at,
                                           .context = source } };

        if (!secrets_open(source, err) || !tls_open(source, err))
                return false;
        setup.certificate = of->tls_certificate ? source->certificate.bytes : NULL;
        setup.key = of->tls_certificate ? source->key.bytes : NULL;
        source->spared = SPARED_MOST;
        source->spared_at = source->read_at = time_monotonic();
        source->server = exchanges_open(&setup, err);
        return source->server;
}

void push_door_close(Source *source)
{
        exchanges_close(source->server);
        source->server = NULL;
        push_secrets_free(&source->passwords);
        push_secrets_free(&source->keys);
        buffer_free(&source->certificate);
        secret_free(&source->key);
}
