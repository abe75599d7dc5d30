#include "hub/pipe/seen.h"
#include "tests/unit/base/run.h"

#include <string.h>

static bool holds(const Seen *seen, const char *id)
{
        json_t *ids = seen_write(seen);
        bool found = false;

        for (size_t i = 0; i < json_array_size(ids); i++)
                if (strcmp(json_string_value(json_array_get(ids, i)), id) == 0)
                        found = true;
        json_decref(ids);
        return found;
}

/* Windows overlap: without this each poll would publish the last ten minutes again. */
START_TEST(repeats_are_known_in_the_next_window)
{
        Seen *seen = seen_new();

        ck_assert(seen_add(seen, "a", 1, 1));
        ck_assert(!seen_add(seen, "a", 1, 2));
        seen_acknowledged(seen, 1, 2);
        ck_assert(!seen_add(seen, "a", 2, 3));
        ck_assert(seen_add(seen, "b", 2, 3));
        seen_free(seen);
}
END_TEST

/* The overlap may span many windows: an id that keeps coming is kept. */
START_TEST(an_id_that_comes_again_lives_on)
{
        Seen *seen = seen_new();

        seen_add(seen, "a", 1, 1);
        seen_add(seen, "once", 1, 1);
        for (uint64_t window = 2; window < 20; window++) {
                ck_assert(!seen_add(seen, "a", window, window));
                seen_acknowledged(seen, window, window);
        }
        ck_assert_uint_eq(seen_size(seen), 1);
        ck_assert(seen_add(seen, "once", 20, 20));
        seen_free(seen);
}
END_TEST

/* While window 2 is not acknowledged a restart reads it again, and it overlaps with 1: 1 must not be forgotten yet. */
START_TEST(windows_go_only_after_acknowledgement)
{
        Seen *seen = seen_new();

        seen_add(seen, "a", 1, 1);
        seen_acknowledged(seen, 1, 1);
        seen_add(seen, "b", 2, 2);
        seen_add(seen, "c", 3, 3);
        ck_assert(holds(seen, "a"));
        seen_acknowledged(seen, 2, 2);
        ck_assert(holds(seen, "a"));
        seen_acknowledged(seen, 3, 3);
        ck_assert(!holds(seen, "a"));
        ck_assert(holds(seen, "b"));
        seen_free(seen);
}
END_TEST

/* An event whose record was never acknowledged may not be in Kafka: after a restart it must be published, not called a
 * repeat. */
START_TEST(only_acknowledged_ids_are_written)
{
        Seen *seen = seen_new(), *restarted = seen_new();
        json_t *ids;

        seen_add(seen, "delivered", 1, 1);
        seen_add(seen, "on its way", 1, 2);
        seen_acknowledged(seen, 1, 1);
        ids = seen_write(seen);
        ck_assert_uint_eq(json_array_size(ids), 1);
        seen_read(restarted, ids);
        ck_assert(!seen_add(restarted, "delivered", 1, 1));
        ck_assert(seen_add(restarted, "on its way", 1, 1));
        json_decref(ids);
        seen_free(seen);
        seen_free(restarted);
}
END_TEST

RUN("seen", repeats_are_known_in_the_next_window, an_id_that_comes_again_lives_on,
    windows_go_only_after_acknowledgement, only_acknowledged_ids_are_written)
