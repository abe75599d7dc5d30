#include "hub/source/http_push/push_options.h"

#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/http/address.h"
#include "hub/source/http_push/push_secret.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(PushOptions, member)

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, LOOPBACK_NET = 127 };

/* In the order of ExchangeAuthKind. */
static const char *const auths[] = { "none", "basic", "digest", "token", NULL };
static const char *const digests[] = { "md5", "sha-256", NULL };
static const char *const signatures[] = { "none", "standard-webhooks", NULL };

const Option push_options[PUSH_OPTIONS] = {
        { "listen", OPTION_TEXT, AT(listen), .flags = OPTION_REQUIRED,
          .about = "address and port that the platform pushes to: 0.0.0.0:8443, [::1]:8080" },
        { "path", OPTION_LIST, AT(path), .value = "*",
          .about = "paths that are records, /hook; with * at its end all that begin so, /VIID/*; others are told 404" },
        { "methods", OPTION_LIST, AT(methods), .value = "GET,POST,PUT,DELETE",
          .about = "methods that are records; others are told 405" },
        { "byte_cap", OPTION_INTEGER, AT(byte_cap), .value = "16777216", .least = 1024, .most = INT64_C(1) << 27,
          .about = "bytes of a body that are too many: 413" },
        { "connections", OPTION_INTEGER, AT(connections), .value = "256", .least = 1, .most = 4096,
          .about = "at a time; the oldest that has not finished its request gives way to a new one" },
        { "connections_per_peer", OPTION_INTEGER, AT(connections_per_peer), .value = "128", .least = 1, .most = 4096,
          .about = "of one address, in the same way; as many that wait for their answers: 429" },
        { "silence", OPTION_DURATION, AT(silence), .value = "10s", .least = SECOND, .most = HOUR,
          .about = "without a byte, after which a connection is ended" },
        { "request_timeout", OPTION_DURATION, AT(request_timeout), .value = "30s", .least = SECOND, .most = HOUR,
          .about = "for one whole request to come" },
        { "patience", OPTION_DURATION, AT(patience), .value = "10s", .least = 100, .most = HOUR,
          .about = "so long a peer waits for its answer; if Kafka has it not all by then: 503" },
        { "retry_after", OPTION_DURATION, AT(retry_after), .value = "5s", .least = SECOND, .most = HOUR,
          .about = "what Retry-After says with 429 and 503" },
        { "auth", OPTION_CHOICE, AT(auth), .choices = auths, .value = "none", .about = "how a peer says who it is" },
        { "digest", OPTION_CHOICE, AT(digest), .choices = digests, .value = "md5",
          .about = "the hash of auth: digest" },
        { "user", OPTION_TEXT, AT(user), .about = "who it is, of auth: basic and digest" },
        { "realm", OPTION_TEXT, AT(realm), .value = "hub", .about = "what they are asked for" },
        { "password_file", OPTION_PATH, AT(password_file),
          .about =
                  "password or token, a line each: all are good, so that they can be changed (digest: the first); mode "
                  "0400; a file that changed is read again" },
        { "token_header", OPTION_TEXT, AT(token_header),
          .about = "header whose value is the token; default Authorization, behind \"Bearer \"" },
        { "signature", OPTION_CHOICE, AT(signature), .choices = signatures, .value = "none",
          .about = "of the body's raw bytes: webhook-id, webhook-timestamp, webhook-signature (HMAC-SHA256)" },
        { "secret_file", OPTION_PATH, AT(secret_file),
          .about = "its secrets, whsec_BASE64, a line each: all are good; mode 0400; a file that changed is read "
                   "again" },
        { "tolerance", OPTION_DURATION, AT(tolerance), .value = "5min", .least = SECOND, .most = INT64_C(24) * HOUR,
          .about = "how far webhook-timestamp may be from our clock; so long an id that came again is answered as "
                   "before" },
        { "tls_certificate", OPTION_PATH, AT(tls_certificate), .about = "PEM, with the chain: TLS" },
        { "tls_key", OPTION_PATH, AT(tls_key), .about = "its key, PEM" },
};

bool push_path_is_ours(const PushOptions *of, const char *path)
{
        for (size_t i = 0; i < of->path.size; i++) {
                const char *wanted = of->path.items[i];
                const size_t size = strlen(wanted);

                if (text_same(wanted, path) ||
                    (size && wanted[size - 1] == '*' && strncmp(wanted, path, size - 1) == 0))
                        return true;
        }
        return false;
}

bool push_method_is_ours(const PushOptions *of, const char *method)
{
        for (size_t i = 0; i < of->methods.size; i++)
                if (text_same(of->methods.items[i], method))
                        return true;
        return false;
}

/* ---- check ---- */

static bool is_loopback(const char *listen)
{
        Error unsaid = { 0 };
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
        Address address;

        if (!address_read(listen, &address, &unsaid))
                return false;
        if (address.bytes.ss_family == AF_INET6) {
                memcpy(&ipv6, &address.bytes, sizeof(ipv6));
                return IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr);
        }
        memcpy(&ipv4, &address.bytes, sizeof(ipv4));
        return ntohl(ipv4.sin_addr.s_addr) >> 24 == LOOPBACK_NET;
}

static bool file_try(const char *option, const char *path, bool is_key, Error *err)
{
        PushSecrets secrets = { .path = path, .is_key = is_key };
        const bool is_fine = push_secrets_read(&secrets, err);

        push_secrets_free(&secrets);
        return is_fine || error_add(err, "%s", option);
}

static bool auth_check(const PushOptions *of, Error *err)
{
        const bool has_user = of->auth == EXCHANGE_BASIC || of->auth == EXCHANGE_DIGEST;

        if (of->auth == EXCHANGE_ANYBODY)
                return !of->password_file ||
                       error_set(err, ERR_FATAL, NULL, "password_file needs auth: basic, digest or token");
        if (!of->password_file)
                return error_set(err, ERR_FATAL, NULL, "auth: %s needs password_file", auths[of->auth]);
        if (has_user && !of->user)
                return error_set(err, ERR_FATAL, NULL, "auth: %s needs user", auths[of->auth]);
        if (of->auth != EXCHANGE_DIGEST && !of->tls_certificate && !is_loopback(of->listen))
                return error_set(err, ERR_FATAL, NULL,
                                 "auth: %s without tls_certificate: its secret would be read by whoever listens; or "
                                 "listen on 127.0.0.1, behind a proxy that has TLS",
                                 auths[of->auth]);
        return file_try("password_file", of->password_file, false, err);
}

static bool path_check(const PushOptions *of, Error *err)
{
        for (size_t i = 0; i < of->path.size; i++)
                if (of->path.items[i][0] != '/' && !text_same(of->path.items[i], "*"))
                        return error_set(err, ERR_FATAL, NULL, "path: \"%.80s\" does not begin with /",
                                         of->path.items[i]);
        for (size_t i = 0; i < of->methods.size; i++)
                if (!text_among("GET|POST|PUT|DELETE|PATCH", of->methods.items[i], strlen(of->methods.items[i])))
                        return error_set(err, ERR_FATAL, NULL,
                                         "methods: \"%.40s\" is none of GET, POST, PUT, DELETE, PATCH",
                                         of->methods.items[i]);
        return (of->path.size && of->methods.size) || error_set(err, ERR_FATAL, NULL, "path and methods: one at least");
}

bool push_options_check(const void *options, Error *err)
{
        const PushOptions *of = options;
        Address address;

        if (!address_read(of->listen, &address, err))
                return error_add(err, "listen");
        if (!of->tls_certificate != !of->tls_key)
                return error_set(err, ERR_FATAL, NULL, "tls_certificate and tls_key need each other");
        if (of->signature != SIGNATURE_NONE && !of->secret_file)
                return error_set(err, ERR_FATAL, NULL, "signature needs secret_file");
        if (of->signature == SIGNATURE_NONE && of->secret_file)
                return error_set(err, ERR_FATAL, NULL, "secret_file needs signature: standard-webhooks");
        return path_check(of, err) && auth_check(of, err) &&
               (!of->secret_file || file_try("secret_file", of->secret_file, true, err));
}
