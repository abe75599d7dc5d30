#include "hub/http/exchange.h"
#include "hub/source/http_push/push_sign.h"
#include "tests/fuzz/fuzz.h"

#include "hub/base/memory.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The front that peers push to: raw bytes on a connection of a real server, whose requests are looked at as the source does. */

static Exchanges *server;
static struct sockaddr_in address;

static void take(void *context, Exchange *exchange)
{
        const ExchangeRequest *request = exchange_request(exchange);
        const Signed of = { exchange_header(exchange, "webhook-id"), exchange_header(exchange, "webhook-timestamp"),
                            exchange_header(exchange, "webhook-signature"), request->body, request->size };
        PushSecrets secrets = { .is_key = true, .size = 1 };
        Error err = { 0 };

        (void)context;
        buffer_text(&secrets.lines[0], "0123456789abcdef0123456789abcdef");
        (void)sign_check(&of, &secrets, 300000, 1701736215000, &err);
        FUZZ_REQUIRE(request->body[request->size] == '\0', "a body that does not end");
        (void)exchange_answer(exchange, &(ExchangeAnswer){ .status = 200, .body = "ok", .size = 2 });
        buffer_free(&secrets.lines[0]);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        const ExchangesSetup setup = {
                .listen = "127.0.0.1:0", .body_most = 65536, .take = take, .connections_most = 64
        };
        Error err = { 0 };

        (void)argc;
        (void)argv;
        server = exchanges_open(&setup, &err);
        FUZZ_REQUIRE(server, "%s", err.text);
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons((uint16_t)strtoul(strrchr(exchanges_address(server), ':') + 1, NULL, 10));
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct timeval patience = { .tv_sec = 5 };
        int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        char heard[4096];

        FUZZ_REQUIRE(client >= 0 && connect(client, (const struct sockaddr *)&address, sizeof(address)) == 0,
                     "the server is gone");
        (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)!send(client, data, size, MSG_NOSIGNAL);
        (void)shutdown(client, SHUT_WR);
        while (recv(client, heard, sizeof(heard), 0) > 0)
                ;
        (void)close(client);
        return 0;
}
