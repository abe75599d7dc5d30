#pragma once

/* Platforms are data (schemas/platforms.yaml): p01 .. p16 and whatever a site adds. */

#include "hub/base/error.h"

#include <stddef.h>

typedef struct {
        const char *id, *name, *name_en, *level; /* "p01", "12345 热线", "hotline", municipal or district */
} Platform;

typedef struct Platforms Platforms;

Platforms *platforms_load(const char *path, Error *err); /* NULL: the shipped table */
const Platform *platforms_find(const Platforms *platforms, const char *id);
size_t platforms_size(const Platforms *platforms);
const Platform *platforms_at(const Platforms *platforms, size_t index);
void platforms_free(Platforms *platforms);
