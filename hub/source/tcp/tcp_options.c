#include "hub/source/tcp/tcp_options.h"

#include "hub/base/memory.h"
#include "hub/http/address.h"

#include <stddef.h>
#include <unistd.h>

#define AT(member) offsetof(TcpOptions, member)

enum { CAP_LEAST = 64, CAP_MOST = 16 * 1024 * 1024, SEATS_LIMIT = 60000, SECOND_MS = 1000 };

const Option tcp_options[TCP_OPTIONS] = {
        { "listen", OPTION_TEXT, AT(listen), .flags = OPTION_REQUIRED,
          .about = "address and port to listen on: 0.0.0.0:9212, [::]:9212" },
        { "idle", OPTION_DURATION, AT(idle), .value = "70min", .least = SECOND_MS,
          .most = INT64_C(7) * 24 * 3600 * SECOND_MS,
          .about = "a connection without a whole frame for so long is closed; HJ 212 lets a device be silent for an "
                   "hour" },
        { "byte_cap", OPTION_INTEGER, AT(byte_cap), .value = "16384", .least = CAP_LEAST, .most = CAP_MOST,
          .about = "the longest frame; what is longer is refused as bad_length" },
        { "connections", OPTION_INTEGER, AT(connections), .value = "4096", .least = 1, .most = SEATS_LIMIT,
          .about = "at a time; then one that never sent a whole frame gives way, else the newcomer is refused" },
        { "connections_per_peer", OPTION_INTEGER, AT(connections_per_peer), .value = "512", .least = 1,
          .most = SEATS_LIMIT,
          .about = "at a time from one address; then the one of them that is silent longest gives way" },
        { "tls_certificate", OPTION_PATH, AT(tls_certificate), .about = "our certificate, PEM: TLS" },
        { "tls_key", OPTION_PATH, AT(tls_key), .about = "its private key, PEM" },
        { "tls_ca", OPTION_PATH, AT(tls_ca), .about = "who signs the devices' certificates, which then are required" },
};

bool tcp_check(const void *options, Error *err)
{
        const TcpOptions *of = options;
        Address address;

        if (!address_read(of->listen, &address, err))
                return error_add(err, "listen");
        if (!of->tls_certificate != !of->tls_key)
                return error_set(err, ERR_FATAL, NULL, "tls_certificate and tls_key go together");
        if (of->tls_ca && !of->tls_certificate)
                return error_set(err, ERR_FATAL, NULL, "tls_ca needs tls_certificate: without TLS nobody shows one");
        return true;
}

TlsFiles tcp_tls_files(const TcpOptions *options)
{
        return (TlsFiles){ options->tls_certificate, options->tls_key, options->tls_ca };
}

static bool port_try(const TcpOptions *of, Error *err)
{
        Address address;
        int descriptor;

        if (!address_read(of->listen, &address, err) || !address_listen(&address, &descriptor, err))
                return false;
        close(descriptor);
        return true;
}

/* Somebody who listens there: as a rule this instance itself. */
static bool somebody_listens(const TcpOptions *of)
{
        Error ignored_err = { 0 };
        Address address;
        int descriptor;
        bool answers;

        if (!address_read(of->listen, &address, &ignored_err))
                return false;
        descriptor = socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        answers = descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&address.bytes, address.size) == 0;
        if (descriptor >= 0)
                close(descriptor);
        return answers;
}

bool tcp_bind_check(const void *options, Error *err)
{
        const TcpOptions *of = options;
        const TlsFiles files = tcp_tls_files(of);
        Tls *tls = files.certificate ? tls_open(&files, err) : NULL;

        if (files.certificate && !tls)
                return false;
        tls_free(tls);
        return port_try(of, err) || somebody_listens(of) || error_add(err, "listen");
}

void tcp_bind_note(const void *options, Buffer *note)
{
        const TcpOptions *of = options;
        Error err = { 0 };

        if (!port_try(of, &err))
                buffer_format(note, "somebody listens on %s already: this instance itself, if it runs", of->listen);
}
