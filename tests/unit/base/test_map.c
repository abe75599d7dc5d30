#include "hub/base/buffer.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(keys_are_bytes_and_are_copied)
{
        CLEANUP(map_drop) Map *map = map_new();
        char key[] = "a\0b";
        int one = 1, two = 2;

        map_put(map, key, 3, &one);
        map_put(map, "a", 1, &two);
        key[0] = 'x';
        ck_assert_ptr_eq(map_get(map, "a\0b", 3), &one);
        ck_assert_ptr_eq(map_get_text(map, "a"), &two);
        ck_assert_ptr_null(map_get(map, "a\0c", 3));
        ck_assert_ptr_null(map_get_text(map, ""));
        map_put_text(map, "", &one);
        ck_assert_ptr_eq(map_get_text(map, ""), &one);
}
END_TEST

START_TEST(put_replaces_and_take_removes)
{
        CLEANUP(map_drop) Map *map = map_new();
        int one = 1, two = 2;

        map_put_text(map, "k", &one);
        map_put_text(map, "k", &two);
        ck_assert_uint_eq(map_size(map), 1);
        ck_assert_ptr_eq(map_take(map, "k", 1), &two);
        ck_assert_ptr_null(map_take(map, "k", 1));
        ck_assert_uint_eq(map_size(map), 0);
}
END_TEST

typedef struct {
        Map *map;
        Buffer seen;
        size_t limit;
} Visit;

static bool visit_take(const void *key, size_t size, void *value, void *context)
{
        Visit *visit = context;

        buffer_add(&visit->seen, key, size);
        if (visit->map)
                ck_assert_ptr_eq(map_take(visit->map, key, size), value);
        return --visit->limit > 0;
}

START_TEST(each_is_in_order_of_insertion)
{
        CLEANUP(map_drop) Map *map = map_new();
        Visit visit = { .map = map, .limit = 100 }, first = { .limit = 2 };
        const char *keys = "zmabykq";

        for (size_t i = 0; keys[i]; i++)
                map_put(map, keys + i, 1, &visit);
        map_each(map, visit_take, &first);
        ck_assert_str_eq(first.seen.bytes, "zm");
        map_each(map, visit_take, &visit);
        ck_assert_str_eq(visit.seen.bytes, keys);
        ck_assert_uint_eq(map_size(map), 0);
        buffer_free(&visit.seen);
        buffer_free(&first.seen);
}
END_TEST

START_TEST(many_keys_are_found_and_freed)
{
        Map *map = map_new();
        char key[32];

        for (size_t i = 0; i < 50000; i++) {
                int size = snprintf(key, sizeof(key), "p12::HLWG%zu", i);

                map_put(map, key, (size_t)size, text_format("%zu", i));
        }
        ck_assert_str_eq(map_get_text(map, "p12::HLWG49999"), "49999");
        ck_assert_uint_eq(map_size(map), 50000);
        map_free(map, free);
        map_free(NULL, free);
}
END_TEST

RUN("map", keys_are_bytes_and_are_copied, put_replaces_and_take_removes, each_is_in_order_of_insertion,
    many_keys_are_found_and_freed)
