#include "hub/base/json.h"
#include "hub/base/json_blocks.h"
#include "hub/base/thread.h"
#include "tests/unit/base/run.h"

#include <string.h>

enum { SIZES = 400 };

/* All that is asked for may be written, whoever had the block before; no two hold the same. */
START_TEST(every_block_has_its_room)
{
        unsigned char *blocks[SIZES];

        for (int round = 0; round < 3; round++) {
                for (size_t size = 0; size < SIZES; size++) {
                        const size_t asked = (size + (size_t)round * 7) % SIZES;

                        blocks[size] = json_block_take(asked);
                        memset(blocks[size], (int)size & 0xff, asked);
                }
                for (size_t size = 0; size < SIZES; size++) {
                        const size_t asked = (size + (size_t)round * 7) % SIZES;

                        for (size_t i = 0; i < asked; i++)
                                ck_assert_uint_eq(blocks[size][i], size & 0xff);
                        json_block_drop(blocks[size]);
                }
        }
        json_block_drop(NULL);
}
END_TEST

START_TEST(a_small_block_comes_again)
{
        void *one = json_block_take(40), *other = json_block_take(200), *large = json_block_take(5000);

        json_block_drop(one);
        json_block_drop(other);
        json_block_drop(large);
        ck_assert_ptr_eq(json_block_take(33), one);
        ck_assert_ptr_eq(json_block_take(190), other);
        free(one);
        free(other);
}
END_TEST

static json_t *document(int number)
{
        json_t *list = json_array();

        for (int i = 0; i < 300; i++)
                json_array_append_new(list, json_pack("{s:s, s:i}", "湖里", "枋湖西路88号", "i", number + i));
        return list;
}

/* A thread drops what it was handed, and hands on what it made. What it kept ends with it: a sanitizer would say so. */
static void *exchange(void *handed)
{
        for (int i = 0; i < 50; i++)
                json_decref(document(i));
        json_decref(handed);
        return document(7);
}

START_TEST(threads_drop_what_others_made)
{
        pthread_t threads[3];

        json_guard();
        for (int i = 0; i < 3; i++)
                thread_start(&threads[i], exchange, document(i));
        for (size_t i = 0; i < 3; i++) {
                void *made;

                ck_assert_int_eq(pthread_join(threads[i], &made), 0);
                ck_assert_uint_eq(json_array_size(made), 300);
                ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(made, 299), "i")), 306);
                json_decref(made);
        }
}
END_TEST

RUN("json-blocks", every_block_has_its_room, a_small_block_comes_again, threads_drop_what_others_made)
