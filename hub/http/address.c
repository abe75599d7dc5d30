#include "hub/http/address.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 1024, PORT_MOST = 65535 };

static bool host_read(const char *host, uint16_t port, Address *address)
{
        struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons(port) };
        struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
        const size_t size = strlen(host);

        if (inet_pton(AF_INET, host, &ipv4.sin_addr) == 1) {
                memcpy(&address->bytes, &ipv4, sizeof(ipv4));
                address->size = sizeof(ipv4);
                return true;
        }
        if (size < 2 || host[0] != '[' || host[size - 1] != ']')
                return false;
        CLEANUP(mem_drop) char *bare = mem_copy(host + 1, size - 2);

        if (inet_pton(AF_INET6, bare, &ipv6.sin6_addr) != 1)
                return false;
        memcpy(&address->bytes, &ipv6, sizeof(ipv6));
        address->size = sizeof(ipv6);
        return true;
}

bool address_read(const char *text, Address *address, Error *err)
{
        const char *colon = strrchr(text, ':');
        int64_t port;

        *address = (Address){ 0 };
        if (colon && text_read_integer(colon + 1, &port) && port >= 0 && port <= PORT_MOST) {
                CLEANUP(mem_drop) char *host = mem_copy(text, (size_t)(colon - text));

                if (host_read(host, (uint16_t)port, address))
                        return true;
        }
        return error_set(err, ERR_FATAL, NULL,
                         "\"%s\" is no address to listen on: a number and a port, 127.0.0.1:9464 or [::1]:9464", text);
}

char *address_text(const Address *address, char out[ADDRESS_TEXT_SIZE])
{
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
        char host[INET6_ADDRSTRLEN] = "";

        if (address->bytes.ss_family == AF_INET) {
                memcpy(&ipv4, &address->bytes, sizeof(ipv4));
                inet_ntop(AF_INET, &ipv4.sin_addr, host, sizeof(host));
                snprintf(out, ADDRESS_TEXT_SIZE, "%s:%u", host, ntohs(ipv4.sin_port));
        } else {
                memcpy(&ipv6, &address->bytes, sizeof(ipv6));
                inet_ntop(AF_INET6, &ipv6.sin6_addr, host, sizeof(host));
                snprintf(out, ADDRESS_TEXT_SIZE, "[%s]:%u", host, ntohs(ipv6.sin6_port));
        }
        return out;
}

static bool descriptor_listen(Address *address, int descriptor)
{
        const int yes = 1;

        address->size = address->bytes.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
        return setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
               bind(descriptor, (const struct sockaddr *)&address->bytes, address->size) == 0 &&
               listen(descriptor, BACKLOG) == 0 &&
               getsockname(descriptor, (struct sockaddr *)&address->bytes, &address->size) == 0;
}

bool address_listen(Address *address, int *descriptor, Error *err)
{
        char text[ADDRESS_TEXT_SIZE];
        const int opened = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (opened >= 0 && descriptor_listen(address, opened)) {
                *descriptor = opened;
                return true;
        }
        (void)error_set(err, ERR_RETRY, NULL, "%s: %s", address_text(address, text), strerror(errno));
        if (opened >= 0)
                close(opened);
        return false;
}
