#pragma once

/* A client that says what it likes: raw bytes to a loopback address, and whatever comes back until the server ends it. */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CLIENT_WAIT_S = 30 };

static int client_open(const char *address)
{
        const char *colon = strrchr(address, ':');
        struct sockaddr_in peer = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        struct timeval wait = { .tv_sec = CLIENT_WAIT_S };
        int descriptor = socket(AF_INET, SOCK_STREAM, 0);

        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
        ck_assert_int_eq(connect(descriptor, (const struct sockaddr *)&peer, sizeof(peer)), 0);
        return descriptor;
}

static void client_say(int descriptor, const char *text)
{
        (void)!send(descriptor, text, strlen(text), MSG_NOSIGNAL);
}

/* Until the server closes; a server that does neither answer nor close fails the test. */
static void client_hear(int descriptor, Buffer *out)
{
        char bytes[4096];
        ssize_t size;

        buffer_text(out, "");
        while ((size = recv(descriptor, bytes, sizeof(bytes), 0)) > 0)
                buffer_add(out, bytes, (size_t)size);
        ck_assert_msg(size == 0 || out->size || descriptor < 0, "the server neither answers nor closes");
}

static void client_ask(const char *address, const char *request, Buffer *out)
{
        int descriptor = client_open(address);

        buffer_clear(out);
        client_say(descriptor, request);
        client_hear(descriptor, out);
        close(descriptor);
}
