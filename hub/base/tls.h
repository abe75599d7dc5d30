#pragma once

/*
 * TLS 1.2 and 1.3 as a server speaks it, between buffers: whoever has the socket hands in what came and sends what is to be
 * sent. So nothing here waits, and nothing depends on the socket. Over OpenSSL's libssl.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

typedef struct Tls Tls;         /* who we are; shared by all connections, which it must outlive */
typedef struct TlsPeer TlsPeer; /* one connection */

typedef struct {
        const char *certificate, *key; /* paths of PEM files; the certificate with those that signed it behind it */
        const char *ca;                /* who signs the peers' certificates, which then are wanted; NULL: none is */
} TlsFiles;

Tls *tls_open(const TlsFiles *files, Error *err); /* ERR_FATAL names the path */
void tls_free(Tls *tls);                          /* also NULL */

TlsPeer *tls_peer_new(Tls *tls);
void tls_peer_free(TlsPeer *peer); /* also NULL */

typedef enum { TLS_MORE, TLS_ENDED, TLS_BROKEN } TlsResult;

/* What came in; appends what was said, and what is to be sent. TLS_ENDED: the peer says no more. TLS_BROKEN: this is no TLS that
 * we speak, err (ERR_INPUT) says why; what is to be sent tells the peer. */
TlsResult tls_receive(TlsPeer *peer, const void *bytes, size_t size, Buffer *said, Buffer *to_send, Error *err);
/* Once the peer has said something. False: the connection is over. */
bool tls_say(TlsPeer *peer, const void *bytes, size_t size, Buffer *to_send);
