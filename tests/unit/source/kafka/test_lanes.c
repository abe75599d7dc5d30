#include "hub/base/memory.h"
#include "hub/source/kafka/lanes.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>
#include <string.h>

static const char *written(const Lanes *lanes, Buffer *out)
{
        buffer_clear(out);
        lanes_write(lanes, "cases", out);
        return out->bytes;
}

START_TEST(what_is_written_is_read)
{
        static const char text[] = "cases 0:1204=00000000deadbeef 7:0 3:55=ffffffffffffffff";
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(lanes_free) Lanes lanes = { 0 };
        Error err = { 0 };

        ck_assert_msg(lanes_read(&lanes, "cases", text, &err), "%s", err.text);
        ck_assert_uint_eq(lanes.size, 3);
        ck_assert_int_eq(lanes_find(&lanes, 0)->next, 1204);
        ck_assert_uint_eq(lanes_find(&lanes, 0)->mark, 0xdeadbeef);
        ck_assert_uint_eq(lanes_find(&lanes, 7)->mark, 0);
        ck_assert_ptr_null(lanes_find(&lanes, 1));
        ck_assert_str_eq(written(&lanes, &out), text);
}
END_TEST

START_TEST(what_is_no_checkpoint_of_this_topic_is_fatal)
{
        static const char *const texts[] = { "other 0:1",   "cases 0",       "cases 0:-1", "cases a:1",
                                             "cases 0:1=x", "cases 0:1,1:2", "case 0:1",   "cases -1:4" };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                CLEANUP(lanes_free) Lanes lanes = { 0 };
                Error err = { 0 };

                ck_assert_msg(!lanes_read(&lanes, "cases", texts[i], &err), "%s", texts[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
}
END_TEST

/* What was read and not acknowledged must be read again after a restart: it is in no checkpoint. */
START_TEST(only_what_is_acknowledged_is_kept)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(lanes_free) Lanes lanes = { 0 };
        Error err = { 0 };
        uint64_t tokens[200];

        ck_assert(lanes_read(&lanes, "cases", "cases 0:10 1:20", &err));
        for (int i = 0; i < 200; i++)
                tokens[i] = lanes_advance(&lanes, i % 2, 100 + i, 1);
        ck_assert_int_eq(lanes_find(&lanes, 0)->next, 298);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:10 1:20");
        lanes_acknowledge(&lanes, tokens[0]);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:100=0000000000000001 1:20");
        lanes_acknowledge(&lanes, tokens[150]);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:250=0000000000000001 1:249=0000000000000001");
        for (int i = 0; i < 200; i++)
                tokens[i] = lanes_advance(&lanes, 0, 300 + i, 0);
        lanes_acknowledge(&lanes, tokens[199]);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:499 1:299=0000000000000001");
}
END_TEST

/* The group gave our partition to another and back: what we read before may be far behind what that one delivered. */
START_TEST(what_an_earlier_share_read_moves_nothing)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(lanes_free) Lanes lanes = { 0 };
        uint64_t token;

        lanes_add(&lanes, 0, false)->kept = 5;
        token = lanes_advance(&lanes, 0, 6, 0);
        lanes_clear(&lanes);
        lanes_add(&lanes, 0, false)->kept = 90;
        lanes_acknowledge(&lanes, token);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:90");
}
END_TEST

START_TEST(a_partition_that_is_gone_is_forgotten)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(lanes_free) Lanes lanes = { 0 };
        Error err = { 0 };
        uint64_t token;

        ck_assert(lanes_read(&lanes, "cases", "cases 0:10 1:20 2:30", &err));
        token = lanes_advance(&lanes, 1, 21, 0);
        lanes_remove(&lanes, 1);
        lanes_remove(&lanes, 9);
        lanes_acknowledge(&lanes, token);
        ck_assert_str_eq(written(&lanes, &out), "cases 0:10 2:30");
}
END_TEST

RUN("lanes", what_is_written_is_read, what_is_no_checkpoint_of_this_topic_is_fatal, only_what_is_acknowledged_is_kept,
    what_an_earlier_share_read_moves_nothing, a_partition_that_is_gone_is_forgotten)
