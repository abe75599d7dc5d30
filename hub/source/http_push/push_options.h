#pragma once

/* The settings of http_push. */

#include "hub/base/options.h"
#include "hub/http/exchange.h"

typedef enum { SIGNATURE_NONE, SIGNATURE_STANDARD } PushSignature;

typedef struct {
        char *listen;
        TextList path, methods;
        int64_t byte_cap, connections, connections_per_peer, silence, request_timeout, patience, retry_after;
        int auth, digest; /* ExchangeAuthKind; 1: SHA-256 */
        char *user, *realm, *password_file, *token_header;
        int signature; /* PushSignature */
        char *secret_file;
        int64_t tolerance;
        char *tls_certificate, *tls_key;
} PushOptions;

enum { PUSH_OPTIONS = 21 };
extern const Option push_options[PUSH_OPTIONS];

bool push_options_check(const void *options, Error *err);
bool push_path_is_ours(const PushOptions *of, const char *path);
bool push_method_is_ours(const PushOptions *of, const char *method);
