#pragma once

/*
 * Logs: one JSON object a line on stderr: time (wall), level, part, message, then keys. Whoever handles an error logs it,
 * once. Bad input is counted, not logged line by line: log_limited() lets one line a minute through for each message and
 * says how many it held back. No personal data, no secrets, no raw bytes of input.
 */

#include "hub/base/error.h"

#include <stdint.h>

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

typedef struct {
        const char *key;  /* NULL ends the list */
        const char *text; /* NULL: the number */
        int64_t number;
} LogKey;

#define LOG_TEXT(key, value)                                                                                           \
        {                                                                                                              \
                (key), (value), 0                                                                                      \
        }
#define LOG_NUMBER(key, value)                                                                                         \
        {                                                                                                              \
                (key), NULL, (value)                                                                                   \
        }

/* log_info("incident opened", LOG_TEXT("zone", zone), LOG_NUMBER("version", 1)); at least one key */
#define log_debug(message, ...)   log_write(LOG_DEBUG, (message), (const LogKey[]){ __VA_ARGS__, { 0 } })
#define log_info(message, ...)    log_write(LOG_INFO, (message), (const LogKey[]){ __VA_ARGS__, { 0 } })
#define log_warning(message, ...) log_write(LOG_WARNING, (message), (const LogKey[]){ __VA_ARGS__, { 0 } })
#define log_error(message, ...)   log_write(LOG_ERROR, (message), (const LogKey[]){ __VA_ARGS__, { 0 } })

void log_open(
        const char *part); /* "correlate", "run/citybrain": copied; HUB_LOG=debug|info|warning|error sets the level */
void log_write(LogLevel level, const char *message, const LogKey *keys);
void log_limited(LogLevel level, const char *message, const LogKey *keys);
