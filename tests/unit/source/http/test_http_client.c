#include "hub/base/time.h"
#include "hub/source/http/http_client.h"
#include "tests/unit/base/run.h"
#include "tests/unit/source/http/server.h"

#include <limits.h>

enum { CAP = 1000, TURNS = 500, TURN_MS = 20 };

static HttpResult ask(Server *server, const char *path, HttpClient *client, Error *err)
{
        CLEANUP(mem_drop) char *url = text_format("http://127.0.0.1:%d%s", server->port, path);
        const HttpRequest request = { .url = url };
        HttpResult result = HTTP_BUSY;

        http_start(client, &request);
        for (int i = 0; result == HTTP_BUSY && i < TURNS; i++)
                result = http_wait(client, TURN_MS, err);
        return result;
}

static HttpClient *client_new(void)
{
        const HttpSetup setup = { .timeout_ms = 5000, .byte_cap = CAP };

        return http_open(&setup);
}

static void answer_all(const char *asked, size_t number, Buffer *out)
{
        (void)asked;
        (void)number;
        answer_write(out, "200 OK",
                     "Date: Tue, 05 Dec 2023 00:42:10 GMT\r\nContent-Type: application/json; charset=GBK\r\n"
                     "ETag: \"abc\"\r\nLast-Modified: Tue, 05 Dec 2023 00:42:09 GMT\r\nRetry-After: 7\r\n",
                     "[1]");
}

START_TEST(an_answer_is_read_with_what_steers_us)
{
        HttpClient *client = client_new();
        const HttpAnswer *answer = http_answer(client);
        char text[TIME_TEXT_SIZE];
        Error err = { 0 };
        Server server;

        server_open(&server, answer_all);
        ck_assert_int_eq(ask(&server, "/list?key=geheim", client, &err), HTTP_ANSWERED);
        ck_assert_int_eq(answer->status, 200);
        ck_assert_str_eq(answer->body.bytes, "[1]");
        ck_assert_str_eq(answer->content_type, "application/json; charset=GBK");
        ck_assert_str_eq(answer->etag, "\"abc\"");
        ck_assert_str_eq(answer->modified, "Tue, 05 Dec 2023 00:42:09 GMT");
        ck_assert_str_eq(time_text(answer->date_ms, text), "2023-12-05T00:42:10.000Z");
        ck_assert_int_eq(answer->wait_ms, 7000);
        ck_assert(server_asked(&server, 0, "GET /list?key=geheim HTTP/1.1\r\n"));
        http_close(client);
        server_close(&server);
}
END_TEST

/* Half a list would look like a list whose other rows are gone. */
static void answer_half(const char *asked, size_t number, Buffer *out)
{
        (void)asked;
        buffer_text(out, number ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,");
}

START_TEST(half_a_body_is_no_answer)
{
        HttpClient *client = client_new();
        Error err = { 0 };
        Server server;

        server_open(&server, answer_half);
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(ask(&server, "/list", client, &err), HTTP_FAILED);
                ck_assert_int_eq(err.kind, ERR_RETRY);
        }
        http_close(client);
        server_close(&server);
}
END_TEST

/* With a length or without: what is too long is not kept. */
static void answer_long(const char *asked, size_t number, Buffer *out)
{
        CLEANUP(mem_drop) char *body = mem_new(CAP + 2);

        memset(body, 'x', strstr(asked, "/fits") ? CAP : CAP + 1);
        if (number % 2)
                buffer_format(out, "HTTP/1.0 200 OK\r\n\r\n%s", body);
        else
                answer_write(out, "200 OK", "", body);
}

START_TEST(a_body_over_the_cap_is_no_answer)
{
        HttpClient *client = client_new();
        Error err = { 0 };
        Server server;

        server_open(&server, answer_long);
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(ask(&server, "/list?key=geheim", client, &err), HTTP_FAILED);
                ck_assert_ptr_nonnull(strstr(err.text, "byte_cap"));
                ck_assert_ptr_null(strstr(err.text, "geheim"));
        }
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(ask(&server, "/fits", client, &err), HTTP_ANSWERED);
                ck_assert_uint_eq(http_answer(client)->body.size, CAP);
        }
        http_close(client);
        server_close(&server);
}
END_TEST

/* Each holds [7]: as some servers send it, announced or not, asked for or not. Made by gzip, zlib and brotli themselves. */
#define GZIP    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x8b\x36\x8f\x05\x00\x3e\x95\x75\x1a\x03\x00\x00\x00"
#define DEFLATE "\x78\x9c\x8b\x36\x8f\x05\x00\x01\xdf\x00\xf0"
#define BROTLI  "\x0b\x01\x80\x5b\x37\x5d\x03"
#define TWICE                                                                                                          \
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x93\xef\xe6\x60\x00\x01\x26\xe6\x6e\xb3\x7e\x56\x06\xbb\xa9\xa5\x52" \
        "\xcc"                                                                                                         \
        "\x40\x2e\x00\x15\x89\x2b\xcb\x17\x00\x00\x00"
#define MEMBERS                                                                                                        \
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x8b\x36\x07\x00\x6f\x33\x2b\xa0\x02\x00\x00\x00\x1f\x8b\x08\x00\x00" \
        "\x00\x00\x00\x02\x03\x8b\x05\x00\xc4\xc2\xd8\xc7\x01\x00\x00\x00"
#define BOMB /* 1001 times x */                                                                                        \
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x0c\x7b\x00\x00\x07\x10\x8e\xc5\xe9\x03" \
        "\x00\x00"

typedef struct {
        const char *path, *headers, *bytes;
        size_t size;
} Packed;

#define PACKED(path, headers, bytes)                                                                                   \
        {                                                                                                              \
                (path), (headers), (bytes), sizeof(bytes) - 1                                                          \
        }

static const Packed packed[] = {
        PACKED("/gzip", "Content-Encoding: gzip\r\n", GZIP),
        PACKED("/x-gzip", "Content-Encoding: x-gzip\r\n", GZIP),
        PACKED("/deflate", "Content-Encoding: deflate\r\n", DEFLATE),
        PACKED("/brotli", "Content-Encoding: br\r\n", BROTLI),
        PACKED("/silent", "", GZIP),
        PACKED("/file", "Content-Type: application/gzip\r\n", GZIP),
        PACKED("/twice", "Content-Encoding: gzip\r\n", TWICE),
        PACKED("/members", "", MEMBERS),
        PACKED("/padded", "", GZIP "\n"),
};
static const Packed unreadable[] = {
        PACKED("/bomb", "Content-Encoding: gzip\r\n", BOMB),
        PACKED("/silent-bomb", "", BOMB),
        { "/cut", "", GZIP, sizeof(GZIP) - 6 },
        { "/cut-early", "", GZIP, 6 },
        PACKED("/broken", "Content-Encoding: gzip\r\n", "[7]"),
        PACKED("/unknown", "Content-Encoding: lzma\r\n", "[7]"),
};

enum { PACKED_SIZE = sizeof(packed) / sizeof(packed[0]), UNREADABLE = sizeof(unreadable) / sizeof(unreadable[0]) };

static void answer_packed(const char *asked, size_t number, Buffer *out)
{
        const Packed *one = number < PACKED_SIZE ? packed + number : unreadable + (number - PACKED_SIZE);

        (void)asked;
        answer_bytes(out, one->headers, one->bytes, one->size);
}

/* A page that nobody could read is a page whose cases are lost. */
START_TEST(a_packed_body_is_unpacked)
{
        HttpClient *client = client_new();
        Error err = { 0 };
        Server server;

        server_open(&server, answer_packed);
        for (size_t i = 0; i < PACKED_SIZE; i++) {
                ck_assert_msg(ask(&server, packed[i].path, client, &err) == HTTP_ANSWERED, "%s: %s", packed[i].path,
                              err.text);
                ck_assert_msg(!strcmp(http_answer(client)->body.bytes, "[7]"), "%s", packed[i].path);
                ck_assert_uint_eq(http_answer(client)->body.size, 3);
        }
        ck_assert_msg(server_asked(&server, 0, "\r\nAccept-Encoding: gzip\r\n"), "gzip is not asked for");
        for (size_t i = 0; i < UNREADABLE; i++) {
                ck_assert_msg(ask(&server, unreadable[i].path, client, &err) == HTTP_FAILED, "%s", unreadable[i].path);
                ck_assert_int_eq(err.kind, ERR_RETRY);
                ck_assert_msg(strstr(err.text, unreadable[i].path), "%s", err.text);
        }
        http_close(client);
        server_close(&server);
}
END_TEST

/* A redirect is how a request with a password in it is led elsewhere. */
static void answer_elsewhere(const char *asked, size_t number, Buffer *out)
{
        (void)asked;
        (void)number;
        answer_write(out, "302 Found", "Location: http://127.0.0.1:1/evil\r\n", "");
}

START_TEST(redirects_are_not_followed)
{
        HttpClient *client = client_new();
        Error err = { 0 };
        Server server;

        server_open(&server, answer_elsewhere);
        ck_assert_int_eq(ask(&server, "/list", client, &err), HTTP_ANSWERED);
        ck_assert_int_eq(http_answer(client)->status, 302);
        ck_assert_str_eq(http_answer(client)->location, "http://127.0.0.1:1/evil");
        ck_assert_uint_eq(server_size(&server), 1);
        http_close(client);
        server_close(&server);
}
END_TEST

START_TEST(nobody_there_is_one_line)
{
        HttpClient *client = client_new();
        const HttpRequest request = { .url = "http://127.0.0.1:1/list?key=geheim" };
        HttpResult result = HTTP_BUSY;
        Error err = { 0 };

        http_start(client, &request);
        for (int i = 0; result == HTTP_BUSY && i < TURNS; i++)
                result = http_wait(client, TURN_MS, &err);
        ck_assert_int_eq(result, HTTP_FAILED);
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "http://127.0.0.1:1/list"));
        ck_assert_ptr_null(strstr(err.text, "geheim"));
        http_close(client);
}
END_TEST

START_TEST(retry_after_has_two_forms)
{
        const int64_t now = INT64_C(1701736930000); /* 2023-12-05T00:42:10Z */

        ck_assert_int_eq(http_retry_after("0", now), 0);
        ck_assert_int_eq(http_retry_after("120", now), 120000);
        ck_assert_int_eq(http_retry_after("Tue, 05 Dec 2023 00:43:10 GMT", now), 60000);
        ck_assert_int_eq(http_retry_after("Tue, 05 Dec 2023 00:41:10 GMT", now), 0);
        ck_assert_int_eq(http_retry_after("99999999999", now), 86400000);
        ck_assert_int_eq(http_retry_after("Sun, 05 Dec 2123 00:41:10 GMT", now), 86400000);
        ck_assert_int_eq(http_retry_after("soon", now), -1);
        ck_assert_int_eq(http_retry_after("-5", now), -1);
        ck_assert_int_eq(http_retry_after("", now), -1);
}
END_TEST

/* Passwords do not go over the net in the clear, however the address is written. */
START_TEST(http_is_for_this_machine_only)
{
        static const char *const fine[] = { "https://example.com/list", "http://127.0.0.1:8080/list",
                                            "http://localhost/", "http://[::1]:80/", "https://example.com:8443/a?b=c" };
        static const char *const wrong[] = { "http://example.com/list",
                                             "http://127.0.0.1.example.com/",
                                             "http://10.0.0.1/",
                                             "http://128.0.0.1/",
                                             "ftp://127.0.0.1/",
                                             "file:///etc/passwd",
                                             "example.com",
                                             "https://lin:geheim@example.com/",
                                             "http://[::2]/",
                                             "",
                                             "https://" };
        Error err = { 0 };

        for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
                ck_assert_msg(http_url_check(fine[i], &err), "%s: %s", fine[i], err.text);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                ck_assert_msg(!http_url_check(wrong[i], &err), "%s", wrong[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
}
END_TEST

/* Channels and errors go to logs and topics. */
START_TEST(a_shown_url_has_no_secrets)
{
        static const char *const cases[][2] = {
                { "https://lin:geheim@example.com:8443/a/b?key=geheim#geheim", "https://example.com:8443/a/b" },
                { "http://127.0.0.1:80/list", "http://127.0.0.1:80/list" },
                { "geheim", "(no URL)" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(mem_drop) char *shown = http_url_public(cases[i][0]);

                ck_assert_str_eq(shown, cases[i][1]);
        }
}
END_TEST

RUN("http_client", an_answer_is_read_with_what_steers_us, half_a_body_is_no_answer, a_body_over_the_cap_is_no_answer,
    a_packed_body_is_unpacked, redirects_are_not_followed, nobody_there_is_one_line, retry_after_has_two_forms,
    http_is_for_this_machine_only, a_shown_url_has_no_secrets)
