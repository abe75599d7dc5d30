#include "hub/hj212/hj212.h"

#include "tests/unit/base/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The packet of annex A of HJ 212-2017, whose CRC is 1C80; the others were made by a program in Python of the same annex. */
#define HEAD     "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&"
#define STANDARD "##0101" HEAD "RtdInterval=30&&1C80"
#define LAYS     "##0073QN=20231205083000123;ST=91;CN=9014;PW=123456;MN=HL-DUST-01;Flag=8;CP=&&&&9241"

typedef struct {
        Arena *arena;
        Hj212 packet;
        Hj212Content content;
        Error err;
} World;

static void world_open(World *world)
{
        *world = (World){ .arena = arena_new() };
}

static void world_close(World *world)
{
        arena_free(world->arena);
}

static bool opens(World *world, const char *text)
{
        world->err = (Error){ 0 };
        return hj212_open(text, strlen(text), NULL, world->arena, &world->packet, &world->err);
}

static void reads(World *world, const char *content)
{
        world->packet.content = arena_copy(world->arena, content, strlen(content));
        hj212_read(&world->packet, &world->content);
}

static void refuses(World *world, const char *text, const char *reason)
{
        ck_assert_msg(!opens(world, text), "%s", text);
        ck_assert_str_eq(world->err.reason, reason);
}

/* The pieces of a stream, in a line: w and size of a packet, j and size of junk, e for an end of line, m for more. */
static void cuts(const char *text, const char *wanted)
{
        CLEANUP(buffer_free) Buffer said = { 0 };
        const size_t size = strlen(text);
        FrameResult result = FRAME_WHOLE;
        size_t used;

        for (size_t at = 0; at < size && result != FRAME_MORE; at += used) {
                used = 0;
                result = hj212_cut(text + at, size - at, &used);
                if (result == FRAME_MORE)
                        buffer_text(&said, "m");
                else if (result == FRAME_WHOLE && hj212_is_line_end(text + at, used))
                        buffer_text(&said, "e ");
                else
                        buffer_format(&said, "%c%zu ", result == FRAME_WHOLE ? 'w' : 'j', used);
        }
        ck_assert_str_eq(said.bytes, wanted);
}

START_TEST(the_standards_packet)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        ck_assert_msg(opens(&world, STANDARD "\r\n"), "%s", world.err.text);
        ck_assert_str_eq(world.packet.qn, "20160801085857223");
        ck_assert_str_eq(world.packet.cn, "1062");
        ck_assert_str_eq(world.packet.pw, "100000");
        ck_assert_str_eq(world.packet.mn, "010000A8900016F000169DC0");
        ck_assert_int_eq(world.packet.flag, 5);
        ck_assert_ptr_null(world.packet.part);
        ck_assert_str_eq(world.packet.content, "RtdInterval=30");
        hj212_read(&world.packet, &world.content);
        ck_assert_str_eq(hj212_text(&world.content, "Interval|rtdinterval"), "30");
        ck_assert_ptr_null(hj212_text(&world.content, "DataTime"));
}
END_TEST

START_TEST(line_ends_of_all_devices)
{
        static const char *const ends[] = { "", "\r\n", "\n", "\r", "\\r\\n", "\r\n\r\n", " \r\n" };
        CLEANUP(world_close) World world;
        char text[256];

        world_open(&world);
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
                snprintf(text, sizeof(text), "%s%s", STANDARD, ends[i]);
                ck_assert_msg(opens(&world, text), "%zu: %s", i, world.err.text);
        }
        refuses(&world, STANDARD "x", "bad_length");
        ck_assert(hj212_is_line_end("", 0) && hj212_is_line_end("\\r\\n", 4) && !hj212_is_line_end("\\r", 2));
}
END_TEST

START_TEST(what_is_damaged_is_refused_by_what_failed)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        ck_assert(opens(&world, LAYS));
        refuses(&world, "##0101" HEAD "RtdInterval=30&&0759", "bad_check"); /* as Modbus has it */
        refuses(&world, "##0101" HEAD "RtdInterval=31&&1C80", "bad_check");
        refuses(&world, "##0103" HEAD "RtdInterval=30&&1C80\r\n", "bad_length");
        refuses(&world, "##0099" HEAD "RtdInterval=30&&1C80", "bad_length");
        refuses(&world, "##01", "bad_length");
        refuses(&world, "QN=1", "bad_length");
        refuses(&world, "##0002&&&&&&", "bad_length");
        ck_assert(opens(&world, "##0101" HEAD "RtdInterval=30&&1c80"));
        ck_assert_msg(opens(&world, "##0014CN=2011;CP=&&x84C1"), "%s", world.err.text);
        ck_assert_str_eq(world.packet.content, "x");
}
END_TEST

START_TEST(the_next_packet_survives)
{
        cuts(STANDARD "\r\n" LAYS "\n" LAYS, "w113 w84 w83 ");
        cuts(STANDARD "\\r\\n" LAYS, "w115 w83 ");
        cuts(LAYS "\r", "w84 ");
        cuts("\n" LAYS, "e w83 ");
        cuts("\r\n\r\n" LAYS, "e w83 ");
        cuts("MN=1;CP=&&1&&#" LAYS "\r\n", "j13 j1 w85 ");
        cuts("##x" LAYS, "j1 j2 w83 ");
        cuts("##01x1" LAYS, "j1 j5 w83 ");
        cuts("##9999" LAYS "\r\n", "w6 w85 "); /* it says that it is longer */
        cuts("##0040QN=1;CP=&&&&ABCD\r\n" LAYS, "w24 w83 ");
        cuts("##0010QN=1;ST=91;CP=&&&&ABCD\r\n" LAYS, "w30 w83 "); /* shorter */
        cuts("##0010QN=1;ST=91;CP=&&&&ABCD" LAYS, "w28 w83 ");
        cuts("##0073QN=20231205083000124;ST=91;CN=9014;PW=123456;MN=HL-DUST-01;Flag=8;CP=&&&&9241" LAYS, "w83 w83 ");
        cuts("##0077QN=2", "m");
        cuts("##00", "m");
        cuts("#", "m");
        cuts("\\r", "m");
        cuts("\\x" LAYS, "j2 w83 ");
}
END_TEST

/* All whole packets come out wherever the stream was torn, and every byte is in some piece. */
START_TEST(torn_anywhere)
{
        static const char stream[] = "rubbish##0090" STANDARD "\r\n" LAYS;
        const size_t size = strlen(stream);

        for (size_t torn = 1; torn < size; torn++) {
                size_t at = 0, used = 0, packets = 0, there = torn;

                while (at < size) {
                        const FrameResult result = at < there ? hj212_cut(stream + at, there - at, &used) : FRAME_MORE;

                        if (result == FRAME_MORE && there == size)
                                break;
                        if (result == FRAME_MORE)
                                there = size;
                        packets += result == FRAME_WHOLE && used >= strlen(LAYS);
                        at += result == FRAME_MORE ? 0 : used;
                }
                ck_assert_msg(at == size && packets == 2, "torn at %zu: %zu packets, %zu bytes", torn, packets, at);
        }
}
END_TEST

/* HJ 212-2025, A.2: whole groups of 16 bytes between the &&, the rest in the clear; the ciphertext is OpenSSL's, by its program. */
START_TEST(encrypted_content)
{
        static const uint8_t key[SM4_SIZE] = "0000000000000000", other[SM4_SIZE] = "1000000000000000";
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(world_close) World world;
        size_t used;

        world_open(&world);
        buffer_text(&sealed, "##0127QN=20260101083000000;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=9;CP=&&");
        ck_assert(hex_read("7d95de3bb545773f93c0fcc77f77259acd5c8c0ef57698c609b44b0bcb069575"
                           "5fb9800052a8d67c30f89133afcee356",
                           &sealed));
        buffer_text(&sealed, "Flag=N&&2C40");
        ck_assert(hj212_cut(sealed.bytes, sealed.size, &used) == FRAME_WHOLE && used == sealed.size);
        ck_assert(!hj212_open(sealed.bytes, sealed.size, NULL, world.arena, &world.packet, &world.err));
        ck_assert_str_eq(world.err.reason, "bad_check");
        ck_assert(!hj212_open(sealed.bytes, sealed.size, other, world.arena, &world.packet, &world.err));
        ck_assert_str_eq(world.err.reason, "bad_check");
        ck_assert_msg(hj212_open(sealed.bytes, sealed.size, key, world.arena, &world.packet, &world.err), "%s",
                      world.err.text);
        ck_assert_str_eq(world.packet.content, "DataTime=20260101083000;a34002-Rtd=0.131,a34002-Flag=N");
        ck_assert(hj212_open(LAYS, strlen(LAYS), key, world.arena, &world.packet, &world.err)); /* in the clear */
}
END_TEST

START_TEST(the_key)
{
        uint8_t key[SM4_SIZE];

        ck_assert(hj212_key(&(Secret){ (unsigned char[]){ "0000000000000000" }, 16 }, key));
        ck_assert_int_eq(key[15], '0');
        ck_assert(hj212_key(&(Secret){ (unsigned char[]){ "0123456789abcdefFEDCBA9876543210" }, 32 }, key));
        ck_assert_int_eq(key[15], 0x10);
        ck_assert(!hj212_key(&(Secret){ (unsigned char[]){ "0123456789abcdefFEDCBA987654321x" }, 32 }, key));
        ck_assert(!hj212_key(&(Secret){ (unsigned char[]){ "short" }, 5 }, key));
        ck_assert(!hj212_key(&(Secret){ 0 }, key));
}
END_TEST

/* What asks (bit 0) is answered in its own edition; commands and answers are not. */
START_TEST(answers)
{
        static const struct {
                const char *packet, *answer;
        } cases[] = {
                { "##0108QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=5;CP=&&DataTime="
                  "20231205083000;LA-Rtd=63.4&&B681",
                  "##0073QN=20231205083000123;ST=91;CN=9014;PW=123456;MN=HL-DUST-01;Flag=4;CP=&&&&9741\r\n" },
                { "##0108QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=9;CP=&&DataTime="
                  "20231205083000;LA-Rtd=63.4&&7640",
                  "##0073QN=20231205083000123;ST=91;CN=9014;PW=123456;MN=HL-DUST-01;Flag=8;CP=&&&&9241\r\n" },
                { "##0108QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=4;CP=&&DataTime="
                  "20231205083000;LA-Rtd=63.4&&A781",
                  NULL },
                { "##0028ST=39;CN=2011;Flag=1;CP=&&&&E8C1", "##0040QN=;ST=91;CN=9014;PW=;MN=;Flag=0;CP=&&&&C301\r\n" },
                { LAYS, NULL },
                { STANDARD, NULL },
        };
        CLEANUP(world_close) World world;

        world_open(&world);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *said;

                ck_assert_msg(opens(&world, cases[i].packet), "%zu: %s", i, world.err.text);
                said = hj212_answer(&world.packet, world.arena);
                ck_assert_msg(!said == !cases[i].answer, "%zu", i);
                if (said)
                        ck_assert_str_eq(said, cases[i].answer);
        }
}
END_TEST

START_TEST(parts)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        ck_assert(opens(&world, "##0121QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=3;PNUM=2;PNO=1;"
                                "CP=&&DataTime=20231205083000;LA-Rtd=63.4&&3E80"));
        ck_assert_str_eq(world.packet.part, "1");
        ck_assert(opens(&world, "##0121QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=7;PNUM=1;PNO=1;"
                                "CP=&&DataTime=20231205083000;LA-Rtd=63.4&&3D40"));
        ck_assert_ptr_null(world.packet.part);
        ck_assert(opens(&world, "##0108QN=20231205083000123;ST=39;CN=2011;PW=123456;MN=HL-DUST-01;Flag=7;CP=&&DataTime="
                                "20231205083000;LA-Rtd=63.4&&9B81"));
        ck_assert_ptr_null(world.packet.part);
}
END_TEST

START_TEST(members_of_a_factor)
{
        CLEANUP(world_close) World world;
        const Hj212Item *items = world.content.items;

        world_open(&world);
        reads(&world, "DATATIME=20231205083000; "
                      "LA-Rtd-Rtd=50.1,LA-flag=N;A34002-AVG=1,a34002-RTD=0.131,A34002-Max=9,a34002-Flag=T;"
                      "s1=7;a01001-Rtd=;w=&;a34001-Rtd=32767;a34004-Rtd=x;;");
        ck_assert_uint_eq(world.content.size, 7);
        ck_assert_str_eq(hj212_text(&world.content, "DataTime"), "20231205083000");
        ck_assert_str_eq(items[1].code, "LA");
        ck_assert_str_eq(items[1].unit, "dB(A)");
        ck_assert_str_eq(items[1].flag, "N");
        ck_assert(fabs(items[1].value - 50.1) < 1e-9);
        ck_assert_str_eq(items[2].code, "a34002");
        ck_assert_str_eq(items[2].name, "PM10");
        ck_assert_ptr_null(items[2].unit);
        ck_assert_str_eq(items[2].text, "0.131");
        ck_assert_str_eq(items[2].flag, "T");
        ck_assert_int_eq(items[3].rank, HJ212_BARE);
        ck_assert(world.content.is_partial);
        ck_assert(items[5].is_nothing && isnan(items[5].value));
        ck_assert(!items[6].is_nothing && isnan(items[6].value));
}
END_TEST

START_TEST(keys_that_are_none)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        reads(&world, "a34002-Rtd=1,a34002-Flag=too long a flag");
        ck_assert(!world.content.is_partial && world.content.size == 1 && !world.content.items[0].flag);
        reads(&world, "\xb7\xd1-Rtd=1");
        ck_assert(world.content.is_partial && world.content.size == 0);
        reads(&world, "=1;-Rtd=1");
        ck_assert(world.content.is_partial && world.content.size == 0);
        reads(&world, "");
        ck_assert(!world.content.is_partial && world.content.size == 0);
}
END_TEST

START_TEST(times)
{
        static const struct {
                const char *told;
                int64_t ms;
        } cases[] = { { "20231205083000", INT64_C(1701736200000) },
                      { "20231205083000123", INT64_C(1701736200123) },
                      { "202312052083000CST", INT64_C(1701736200000) },
                      { "202312052083000", INT64_C(1701736200000) },
                      { "20231205083000CST", INT64_C(1701736200000) },
                      { "2023-12-05 08:30:00", INT64_C(1701736200000) },
                      { "202313052083000", TIME_NONE },
                      { "soon", TIME_NONE } };
        CLEANUP(world_close) World world;

        world_open(&world);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                int64_t ms = TIME_NONE;
                TimePrecision precision;
                const bool read = hj212_time(cases[i].told, world.arena, &ms, &precision, &world.err);

                ck_assert_msg(read == (cases[i].ms != TIME_NONE) && ms == cases[i].ms, "%s: %lld", cases[i].told,
                              (long long)ms);
        }
}
END_TEST

START_TEST(commands_without_readings)
{
        ck_assert_str_eq(hj212_other("9015"), "heartbeat");
        ck_assert_str_eq(hj212_other("9014"), "answer");
        ck_assert_str_eq(hj212_other("2081"), "start");
        ck_assert_str_eq(hj212_other("1062"), "other command");
}
END_TEST

RUN("hj212", the_standards_packet, line_ends_of_all_devices, what_is_damaged_is_refused_by_what_failed,
    the_next_packet_survives, torn_anywhere, encrypted_content, the_key, answers, parts, members_of_a_factor,
    keys_that_are_none, times, commands_without_readings)
