#include "hub/base/tls.h"

#include "hub/base/memory.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

enum { PIECE = 16 * 1024 };

struct Tls {
        SSL_CTX *context;
};

struct TlsPeer {
        SSL *ssl;
        BIO *in, *out; /* owned by ssl */
};

/* The library's own words; its queue is emptied, for it would speak of this in the next call. */
static const char *words(void)
{
        const char *said = ERR_reason_error_string(ERR_peek_last_error());

        ERR_clear_error();
        return said ? said : "no TLS";
}

static bool file_wrong(const char *path, Error *err)
{
        return error_set(err, ERR_FATAL, NULL, "%s: %s", path, words());
}

static bool files_take(SSL_CTX *context, const TlsFiles *files, Error *err)
{
        if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
                return file_wrong(files->certificate, err);
        if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1)
                return file_wrong(files->key, err);
        if (files->ca && SSL_CTX_load_verify_locations(context, files->ca, NULL) != 1)
                return file_wrong(files->ca, err);
        if (files->ca)
                SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        return true;
}

Tls *tls_open(const TlsFiles *files, Error *err)
{
        Tls *tls = mem_new(sizeof(Tls));

        ERR_clear_error();
        tls->context = SSL_CTX_new(TLS_server_method());
        if (!tls->context)
                abort();
        SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
        SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
        SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS); /* thousands of silent connections */
        if (files_take(tls->context, files, err))
                return tls;
        tls_free(tls);
        return NULL;
}

void tls_free(Tls *tls)
{
        if (!tls)
                return;
        SSL_CTX_free(tls->context);
        free(tls);
}

TlsPeer *tls_peer_new(Tls *tls)
{
        TlsPeer *peer = mem_new(sizeof(TlsPeer));

        peer->ssl = SSL_new(tls->context);
        peer->in = BIO_new(BIO_s_mem());
        peer->out = BIO_new(BIO_s_mem());
        if (!peer->ssl || !peer->in || !peer->out)
                abort();
        SSL_set_bio(peer->ssl, peer->in, peer->out);
        SSL_set_accept_state(peer->ssl);
        return peer;
}

void tls_peer_free(TlsPeer *peer)
{
        if (!peer)
                return;
        SSL_free(peer->ssl);
        free(peer);
}

static void sent_take(const TlsPeer *peer, Buffer *to_send)
{
        char piece[PIECE];

        for (int size; (size = BIO_read(peer->out, piece, sizeof(piece))) > 0;)
                buffer_add(to_send, piece, (size_t)size);
}

static TlsResult said_take(const TlsPeer *peer, Buffer *said, Error *err)
{
        char piece[PIECE];
        int size;

        while ((size = SSL_read(peer->ssl, piece, sizeof(piece))) > 0)
                buffer_add(said, piece, (size_t)size);
        switch (SSL_get_error(peer->ssl, size)) {
        case SSL_ERROR_WANT_READ:
                return TLS_MORE;
        case SSL_ERROR_ZERO_RETURN:
                return TLS_ENDED;
        default:
                (void)error_set(err, ERR_INPUT, NULL, "TLS: %s", words());
                return TLS_BROKEN;
        }
}

TlsResult tls_receive(TlsPeer *peer, const void *bytes, size_t size, Buffer *said, Buffer *to_send, Error *err)
{
        TlsResult result;

        ERR_clear_error();
        if (size > INT_MAX || BIO_write(peer->in, bytes, (int)size) != (int)size)
                abort();
        result = said_take(peer, said, err);
        sent_take(peer, to_send);
        return result;
}

bool tls_say(TlsPeer *peer, const void *bytes, size_t size, Buffer *to_send)
{
        size_t written = 0;

        ERR_clear_error();
        if (!size || SSL_write_ex(peer->ssl, bytes, size, &written) != 1 || written != size) {
                ERR_clear_error();
                return !size;
        }
        sent_take(peer, to_send);
        return true;
}
