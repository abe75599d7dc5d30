#include "tests/unit/source/tcp/server.h"

/* ---- frames ---- */

/* However a modem parts them, and however many are glued, the same records come. */
START_TEST(frames_come_whole_wherever_the_stream_is_cut)
{
        static const char stream[] = "<3abc<0<5<<<<<<1x";

        for (size_t at = 1; at < strlen(stream); at++) {
                CLEANUP(server_free) Server server;
                int device;

                server_new(&server);
                device = call(&server);
                ck_assert_int_eq(send(device, stream, at, 0), (ssize_t)at);
                turns(&server, 4);
                ck_assert_int_eq(send(device, stream + at, strlen(stream) - at, 0), (ssize_t)(strlen(stream) - at));
                records_await(&server, 4);
                ck_assert_str_eq(server.got.bytes, "(<3abc)(<0)(<5<<<<<)(<1x)");
                close(device);
        }
}
END_TEST

START_TEST(two_devices_do_not_mix)
{
        CLEANUP(server_free) Server server;
        int one, other;

        server_new(&server);
        one = call(&server);
        other = call(&server);
        say(one, "<4a");
        turns(&server, 3);
        say(other, "<2x");
        turns(&server, 3);
        say(one, "bcd");
        records_await(&server, 1);
        say(other, "y");
        records_await(&server, 2);
        ck_assert_str_eq(server.got.bytes, "(<4abcd)(<2xy)");
        close(one);
        close(other);
}
END_TEST

/* A device that sends a hundred frames at once does not keep the others waiting behind all of them. */
START_TEST(devices_take_turns)
{
        CLEANUP(server_free) Server server;
        int loud, quiet;

        server_new(&server);
        loud = call(&server);
        quiet = call(&server);
        turns(&server, 3);
        say(loud, "<1a<1b<1c<1d<1e<1f");
        say(quiet, "<1x");
        records_await(&server, 7);
        ck_assert_ptr_nonnull(strstr(server.got.bytes, "(<1x)"));
        ck_assert(strstr(server.got.bytes, "(<1x)") < strstr(server.got.bytes, "(<1c)"));
        close(loud);
        close(quiet);
}
END_TEST

/* Line noise between frames is one record, refused, and what follows is read. */
START_TEST(junk_is_one_refused_record)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1anoi");
        turns(&server, 3);
        say(device, "se<x<2bc");
        records_await(&server, 3);
        ck_assert_str_eq(server.got.bytes, "(<1a)[noise<x](<2bc)");
        close(device);
}
END_TEST

START_TEST(half_a_frame_at_the_end_is_refused)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1a<9bc");
        close(device);
        records_await(&server, 2);
        ck_assert_str_eq(server.got.bytes, "(<1a)[<9bc]");
}
END_TEST

/* Rubbish without end costs so much and no more: the connection is closed, and others are heard. */
START_TEST(who_sends_only_rubbish_is_let_go)
{
        CLEANUP(server_free) Server server;
        char rubbish[4 * CAP + 1];
        int device, honest;

        server_new(&server);
        device = call(&server);
        memset(rubbish, 'x', sizeof(rubbish) - 1);
        rubbish[sizeof(rubbish) - 1] = '\0';
        say(device, rubbish);
        records_await(&server, 1);
        settle(&server, server.token);
        hang_up_await(&server, device);
        honest = call(&server);
        say(honest, "<1a");
        records_await(&server, server.records + 1);
        ck_assert_ptr_nonnull(strstr(server.got.bytes, "](<1a)"));
        close(device);
        close(honest);
}
END_TEST

/* A frame that claims to be longer than byte_cap is no frame. */
START_TEST(a_frame_that_does_not_end_is_refused_at_the_cap)
{
        CLEANUP(server_free) Server server;
        SourceRecord record = { 0 };
        char bytes[2 * CAP + 1];
        int device;

        server_new(&server);
        server.frame = endless_frame;
        device = call(&server);
        memset(bytes, 'x', sizeof(bytes) - 1);
        bytes[sizeof(bytes) - 1] = '\0';
        say(device, bytes);
        for (int i = 0; i < 100 && turn(&server, &record) != SOURCE_RECORD; i++)
                ;
        ck_assert_uint_eq(server.records, 1);
        ck_assert_str_eq(record.refusal.reason, "bad_length");
        ck_assert_uint_ge(record.record.size, CAP);
        close(device);
}
END_TEST

/* ---- answers ---- */

/* Nothing is said before the record is settled; each is told on its own connection. */
START_TEST(answers_go_where_the_frame_came_from)
{
        CLEANUP(server_free) Server server;
        int one, other;

        server_new(&server);
        one = call(&server);
        other = call(&server);
        say(one, "<1a");
        records_await(&server, 1);
        say(other, "<1b");
        records_await(&server, 2);
        say(one, "<1c");
        records_await(&server, 3);
        ck_assert_int_eq(recv(one, (char[1]){ 0 }, 1, MSG_DONTWAIT), -1);
        ck_assert(answer(&server, 1, "to a;"));
        ck_assert(answer(&server, 2, "to b;"));
        ck_assert(answer(&server, 3, "to c;"));
        settle(&server, 3);
        hear(&server, one, "to a;to c;");
        hear(&server, other, "to b;");
        close(one);
        close(other);
}
END_TEST

/* A device that sends and shuts its side still gets its answer, then the connection ends. */
START_TEST(a_half_closed_device_is_still_answered)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1a");
        shutdown(device, SHUT_WR);
        records_await(&server, 1);
        turns(&server, 3);
        ck_assert(!is_hung_up(device));
        ck_assert(answer(&server, 1, "taken"));
        settle(&server, 1);
        hear(&server, device, "taken");
        hang_up_await(&server, device);
        close(device);
}
END_TEST

START_TEST(a_device_that_is_gone_is_no_trouble)
{
        CLEANUP(server_free) Server server;
        const struct linger at_once = { .l_onoff = 1 };
        int device, other;

        server_new(&server);
        device = call(&server);
        say(device, "<1a<1b");
        records_await(&server, 2);
        setsockopt(device, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        close(device);
        turns(&server, 4);
        ck_assert(!answer(&server, 1, "too late"));
        ck_assert(!answer(&server, 2, "too late"));
        settle(&server, 2);
        other = call(&server);
        say(other, "<1c");
        records_await(&server, 3);
        ck_assert(answer(&server, 3, "heard"));
        settle(&server, 3);
        hear(&server, other, "heard");
        close(other);
}
END_TEST

/* What it sent before it hung up counts, also when an answer hit the closed door. */
START_TEST(frames_of_a_device_that_hung_up_are_read)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        shutdown(device, SHUT_RD);
        (void)answer(&server, 1, "not wanted");
        say(device, "<1b<1c");
        close(device);
        (void)answer(&server, 1, "not wanted");
        records_await(&server, 3);
        ck_assert_str_eq(server.got.bytes, "(<1a)(<1b)(<1c)");
        settle(&server, 3);
}
END_TEST

/* Who does not listen to what it asked for is let go, before it costs our memory. */
START_TEST(who_reads_no_answers_is_let_go)
{
        CLEANUP(server_free) Server server;
        CLEANUP(mem_drop) char *much = mem_new(1 << 20);
        const Reply reply = { .body = much, .size = 1 << 20 };
        Error err = { 0 };
        bool told = true;
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        for (int i = 0; i < 64 && told; i++)
                told = source_tcp.answer(server.source, 1, &reply, &err);
        ck_assert(!told);
        ck_assert_int_eq(err.kind, ERR_RETRY);
        settle(&server, 1);
        close(device);
}
END_TEST

/* What nobody asks us to answer cannot be promised: it is counted. */
START_TEST(what_is_not_answered_is_counted)
{
        CLEANUP(server_free) Server server;
        const Reply none = { 0 };
        SourceSpool spool = { 0 };
        Error err = { 0 };
        int device;

        server_new(&server);
        device = call(&server);
        say(device, "<1a<1b<1c");
        records_await(&server, 3);
        ck_assert(source_tcp.answer(server.source, 1, &none, &err));
        ck_assert(answer(&server, 2, "taken"));
        source_tcp.spool(server.source, &spool);
        ck_assert_int_eq(spool.messages, 3);
        ck_assert_int_eq(spool.unpromised, 0);
        settle(&server, 2);
        source_tcp.spool(server.source, &spool);
        ck_assert_int_eq(spool.messages, 1);
        ck_assert_int_eq(spool.unpromised, 1);
        close(device);
}
END_TEST

/* A trial beside production promises a device nothing: it keeps its frames for who answers. */
START_TEST(a_trial_answers_nobody)
{
        CLEANUP(server_free) Server server;
        int device;

        server_new(&server);
        server.trial = true;
        device = call(&server);
        say(device, "<1a");
        records_await(&server, 1);
        ck_assert(answer(&server, 1, "taken"));
        settle(&server, 1);
        turns(&server, 2);
        ck_assert_int_eq(recv(device, (char[1]){ 0 }, 1, MSG_DONTWAIT), -1);
        close(device);
}
END_TEST

RUN("tcp", frames_come_whole_wherever_the_stream_is_cut, two_devices_do_not_mix, devices_take_turns,
    junk_is_one_refused_record, half_a_frame_at_the_end_is_refused, who_sends_only_rubbish_is_let_go,
    a_frame_that_does_not_end_is_refused_at_the_cap, answers_go_where_the_frame_came_from,
    a_half_closed_device_is_still_answered, a_device_that_is_gone_is_no_trouble,
    frames_of_a_device_that_hung_up_are_read, who_reads_no_answers_is_let_go, what_is_not_answered_is_counted,
    a_trial_answers_nobody)
