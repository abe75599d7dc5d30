#include "tests/unit/pipe/folder.h"
#include "tests/unit/source/tcp/server.h"

#include <sys/resource.h>

enum { CROWD = 2000 };

/* ---- limits ---- */

START_TEST(who_is_silent_for_too_long_is_let_go)
{
        CLEANUP(server_free) Server server;
        int silent, dribbling;

        server_new(&server);
        server.options.idle = 400;
        silent = call(&server);
        dribbling = call(&server);
        for (int i = 0; i < 40 && !is_hung_up(dribbling); i++) {
                (void)send(dribbling, i ? "x" : "<9", i ? 1 : 2, MSG_NOSIGNAL | MSG_DONTWAIT);
                turns(&server, 2);
                if (i == 6)
                        break;
        }
        hang_up_await(&server, silent);
        hang_up_await(&server, dribbling);
        close(silent);
        close(dribbling);
}
END_TEST

/* While we do not read (Kafka is away, the instance is paused) nobody can be heard: that is not their silence. */
START_TEST(our_own_silence_is_not_theirs)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        server.options.idle = 1500;
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        poll(NULL, 0, 2000);
        turns(&server, 3);
        ck_assert(!is_hung_up(device));
        say(device, "<1b");
        records_await(&server, 2);
        close(device);
}
END_TEST

/* When all seats are taken, one that never spoke gives way; devices that spoke keep theirs. */
START_TEST(mute_connections_keep_no_device_out)
{
        CLEANUP(server_free) Server server;
        int speaks, mute[3], newcomer, late;

        server_new(&server);
        server.options.connections = 4;
        speaks = call(&server);
        say(speaks, "<1a");
        records_await(&server, 1);
        for (int i = 0; i < 3; i++)
                mute[i] = call(&server);
        turns(&server, 3);
        newcomer = call(&server);
        say(newcomer, "<1b");
        records_await(&server, 2);
        hang_up_await(&server, mute[0]);
        ck_assert(!is_hung_up(speaks) && !is_hung_up(mute[1]) && !is_hung_up(mute[2]));
        say(mute[1], "<1c");
        say(mute[2], "<1d");
        records_await(&server, 4);
        late = call(&server); /* all have spoken: it is refused */
        hang_up_await(&server, late);
        ck_assert_int_eq(source_tcp.refused(server.source), 1);
        say(speaks, "<1e");
        records_await(&server, 5);
        for (int i = 0; i < 3; i++)
                close(mute[i]);
        close(speaks);
        close(newcomer);
        close(late);
}
END_TEST

/* A device that calls anew before its old connection is known to be dead must get in. */
START_TEST(a_peer_with_too_many_connections_loses_its_quietest)
{
        CLEANUP(server_free) Server server;
        int old, other, newest;

        server_new(&server);
        server.options.connections_per_peer = 2;
        old = call(&server);
        say(old, "<1a<8half");
        records_await(&server, 1);
        poll(NULL, 0, 5); /* so that its clock tells the two apart */
        other = call(&server);
        say(other, "<1b");
        records_await(&server, 2);
        newest = call(&server);
        say(newest, "<1c");
        records_await(&server, 4);
        ck_assert(is_hung_up(old));
        ck_assert(!is_hung_up(other));
        ck_assert_ptr_nonnull(strstr(server.got.bytes, "[<8half]"));
        ck_assert_ptr_nonnull(strstr(server.got.bytes, "(<1c)"));
        close(old);
        close(other);
        close(newest);
}
END_TEST

/* Nobody is read while the runner does not ask: the sockets are full, and what was sent comes later. */
START_TEST(backpressure_reaches_the_device)
{
        CLEANUP(server_free) Server server;
        size_t sent = 0;
        int device, small = 4096;

        server_new(&server);
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        setsockopt(device, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
        for (ssize_t more; (more = send(device, "<2bc", 4, MSG_DONTWAIT)) > 0; sent += (size_t)more)
                ck_assert_uint_lt(sent, 64U << 20);
        ck_assert_int_eq(errno, EAGAIN);
        while (sent % 4)
                sent += send(device, &"<2bc"[sent % 4], 4 - sent % 4, MSG_DONTWAIT) > 0 ? 4 - sent % 4 : 0;
        records_await(&server, 1 + sent / 4);
        close(device);
}
END_TEST

START_TEST(thousands_of_devices)
{
        CLEANUP(server_free) Server server;
        CLEANUP(mem_drop) int *devices = mem_new(CROWD * sizeof(int));
        struct rlimit files;

        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        ck_assert_uint_ge(files.rlim_cur, 2 * CROWD + 200);
        server_new(&server);
        server.options.connections = server.options.connections_per_peer = CROWD;
        server_open(&server);
        turns(&server, 1);
        for (size_t i = 0; i < CROWD; i++) {
                char frame[16];

                devices[i] = call(&server);
                snprintf(frame, sizeof(frame), "<5%05zu", i);
                say(devices[i], frame);
        }
        records_await(&server, CROWD);
        for (size_t i = 0; i < CROWD; i++) {
                char frame[16];

                snprintf(frame, sizeof(frame), "(<5%05zu)", i);
                ck_assert_ptr_nonnull(strstr(server.got.bytes, frame));
                ck_assert(answer(&server, i + 1, "taken"));
        }
        settle(&server, CROWD);
        for (size_t i = 0; i < CROWD; i++) {
                hear(&server, devices[i], "taken");
                close(devices[i]);
        }
}
END_TEST

/* ---- life ---- */

START_TEST(a_taken_port_is_waited_for)
{
        CLEANUP(server_free) Server server;
        SourceRecord record = { 0 };
        Address address;
        Error err = { 0 };
        int taken, device;

        server_new(&server);
        ck_assert(address_read(server.listen, &address, &err));
        ck_assert(address_listen(&address, &taken, &err));
        server_open(&server);
        ck_assert_int_eq(source_tcp.read(server.source, 0, &record, &err), SOURCE_AWAY);
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "listen"));
        close(taken);
        while (source_tcp.read(server.source, TURN_MS, &record, &err) == SOURCE_AWAY)
                poll(NULL, 0, TURN_MS);
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        close(device);
}
END_TEST

START_TEST(once_ends_when_nothing_more_comes)
{
        CLEANUP(server_free) Server server;
        SourceRecord record = { 0 };
        SourceResult result;
        int device;

        server_new(&server);
        server.once = true;
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        while ((result = turn(&server, &record)) == SOURCE_IDLE)
                ;
        ck_assert_int_eq(result, SOURCE_END);
        close(device);
}
END_TEST

START_TEST(options_that_cannot_be_are_told)
{
        const struct {
                TcpOptions options;
                const char *says;
        } cases[] = {
                { { .listen = (char[]){ "9212" } }, "listen: \"9212\" is no address to listen on" },
                { { .listen = (char[]){ "127.0.0.1:0" }, .tls_certificate = (char[]){ "c" } }, "go together" },
                { { .listen = (char[]){ "127.0.0.1:0" }, .tls_ca = (char[]){ "c" } }, "tls_ca needs" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                Error err = { 0 };

                ck_assert(!source_tcp.check(&cases[i].options, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, cases[i].says) != NULL, "%s", err.text);
        }
}
END_TEST

START_TEST(a_check_finds_out_whether_the_port_is_free)
{
        CLEANUP(server_free) Server server;
        CLEANUP(buffer_free) Buffer note = { 0 };
        Error err = { 0 };

        server_new(&server);
        ck_assert(source_tcp.connect_check(&server.options, &err));
        source_tcp.connect_note(&server.options, &note);
        ck_assert_uint_eq(note.size, 0);
        server_open(&server);
        turns(&server, 1);
        ck_assert(source_tcp.connect_check(&server.options, &err));
        source_tcp.connect_note(&server.options, &note);
        ck_assert_ptr_nonnull(strstr(note.bytes, "listens"));
        server.options.listen = (char[]){ "192.0.2.1:9" }; /* no address of ours */
        ck_assert(!source_tcp.connect_check(&server.options, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        server.options.listen = server.listen;
}
END_TEST

/* ---- TLS ---- */

static void certificate_make(const char *folder, char *certificate, char *key, size_t room)
{
        CLEANUP(mem_drop)
        char *make = text_format("cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                                 "-keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 "
                                 "-addext subjectAltName=IP:127.0.0.1 2>/dev/null",
                                 folder);

        ck_assert_int_eq(system(make), 0);
        snprintf(certificate, room, "%s/cert.pem", folder);
        snprintf(key, room, "%s/key.pem", folder);
}

/* A client that nobody here wrote; `shows` its certificate, or nothing. */
static FILE *client_start(const Server *server, const char *shows)
{
        CLEANUP(mem_drop)
        char *command =
                text_format("printf '<1a' | timeout 30 openssl s_client -quiet -verify_return_error -CAfile %s %s "
                            "-connect %s 2>/dev/null",
                            server->options.tls_certificate, shows, server->listen);

        return popen(command, "r");
}

START_TEST(tls_is_spoken)
{
        CLEANUP(server_free) Server server;
        char folder[64], certificate[128], key[128], heard[64] = "";
        CLEANUP(mem_drop) char *shows = NULL;
        FILE *client;

        server_new(&server);
        certificate_make(test_folder(folder), certificate, key, sizeof(key));
        server.options.tls_certificate = server.options.tls_ca = certificate;
        server.options.tls_key = key;
        server_open(&server);
        turns(&server, 1);
        client = client_start(&server, "");
        while (!feof(client)) { /* who shows no certificate is not heard */
                char byte;
                struct pollfd gone = { .fd = fileno(client), .events = POLLIN };

                turns(&server, 1);
                if (poll(&gone, 1, 0) > 0)
                        ck_assert_int_eq(fread(&byte, 1, 1, client), 0);
        }
        pclose(client);
        ck_assert_uint_eq(server.records, 0);
        shows = text_format("-cert %s -key %s", certificate, key);
        client = client_start(&server, shows);
        records_await(&server, 1);
        ck_assert_str_eq(server.got.bytes, "(<1a)");
        ck_assert(answer(&server, 1, "taken"));
        settle(&server, 1);
        turns(&server, 2);
        source_tcp.close(server.source);
        server.source = NULL;
        ck_assert_uint_eq(fread(heard, 1, sizeof(heard) - 1, client), strlen("taken"));
        ck_assert_str_eq(heard, "taken");
        pclose(client);
        test_folder_remove(folder);
}
END_TEST

START_TEST(a_certificate_that_is_none_is_told)
{
        CLEANUP(server_free) Server server;
        const SourceSetup setup = { .instance = "test", .options = &server.options, .frame = counted_frame };
        Error err = { 0 };

        server_new(&server);
        server.options.tls_certificate = server.options.tls_key = (char[]){ "/nowhere/cert.pem" };
        ck_assert_ptr_null(source_tcp.open(&setup, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/cert.pem"));
}
END_TEST

/* Who speaks no TLS to us is hung up on, and is no record. */
START_TEST(no_tls_where_tls_is_wanted)
{
        CLEANUP(server_free) Server server;
        char folder[64], certificate[128], key[128];
        int device;

        server_new(&server);
        certificate_make(test_folder(folder), certificate, key, sizeof(key));
        server.options.tls_certificate = certificate;
        server.options.tls_key = key;
        device = call(&server);
        say(device, "<5plain<5plain");
        turns(&server, 4);
        hang_up_await(&server, device);
        ck_assert_uint_eq(server.records, 0);
        close(device);
        test_folder_remove(folder);
}
END_TEST

RUN("tcp_limits", who_is_silent_for_too_long_is_let_go, our_own_silence_is_not_theirs,
    mute_connections_keep_no_device_out, a_peer_with_too_many_connections_loses_its_quietest,
    backpressure_reaches_the_device, thousands_of_devices, a_taken_port_is_waited_for,
    once_ends_when_nothing_more_comes, options_that_cannot_be_are_told, a_check_finds_out_whether_the_port_is_free,
    tls_is_spoken, a_certificate_that_is_none_is_told, no_tls_where_tls_is_wanted)
