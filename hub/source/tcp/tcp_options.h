#pragma once

/* What the configuration says of a TCP server. */

#include "hub/adapter.h"
#include "hub/base/tls.h"

typedef struct {
        char *listen;
        char *tls_certificate, *tls_key, *tls_ca;
        int64_t idle, byte_cap, connections, connections_per_peer;
} TcpOptions;

enum { TCP_OPTIONS = 8 };

extern const Option tcp_options[TCP_OPTIONS];

bool tcp_check(const void *options, Error *err);       /* what the table cannot say */
TlsFiles tcp_tls_files(const TcpOptions *options);     /* certificate NULL: no TLS */
bool tcp_bind_check(const void *options, Error *err);  /* the files, and whether anybody can listen there */
void tcp_bind_note(const void *options, Buffer *note); /* that somebody does already */
