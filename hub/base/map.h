#pragma once

/* A hash map from bytes to a pointer, over uthash. Keys are copied. The order of map_each is the order of insertion. */

#include <stdbool.h>
#include <stddef.h>

typedef struct Map Map;

Map *map_new(void);
void map_free(Map *map, void (*free_value)(void *));               /* free_value may be NULL */
void map_drop(Map **map);                                          /* for CLEANUP; values are not freed */
void *map_get(const Map *map, const void *key, size_t size);       /* NULL when absent */
void map_put(Map *map, const void *key, size_t size, void *value); /* replaces; value is never NULL */
void *map_take(Map *map, const void *key, size_t size);            /* removes and returns, NULL when absent */
void *map_get_text(const Map *map, const char *key);
void map_put_text(Map *map, const char *key, void *value);
size_t map_size(const Map *map);

/* Calls until it returns false; the map must not change meanwhile, but for taking the very key that is shown. */
void map_each(const Map *map, bool (*visit)(const void *key, size_t size, void *value, void *context), void *context);
