#pragma once

/*
 * Errors. A function that can fail returns false (or NULL) and fills its last parameter, an Error: what kind of trouble it
 * is, so that a loop can choose what to do; a stable reason code where one is counted; a text for a person. Whoever passes
 * an error on adds where it happened, in front: "reading devices.csv: line 7: lat: \"abc\" is no number".
 *
 * Only loops and main look at the kind. Nobody looks at errno across functions.
 */

#include <stdbool.h>
#include <stddef.h>

typedef enum {
        ERR_NONE,
        ERR_INPUT, /* this input is wrong and stays wrong: reject it, go on */
        ERR_RETRY, /* a peer is away or busy: wait and ask again */
        ERR_FATAL, /* configuration or state that a person must mend: stop, exit 78 */
} ErrorKind;

typedef struct {
        ErrorKind kind;
        const char *reason; /* static: a reason code of hub/event/rejected.h, or NULL */
        char text[512];     /* one line, UTF-8, never the value of a personal field */
} Error;

/* Sets the error and returns false, so that "return error_set(...)" reads well. A text too long is cut at a character. */
bool error_set(Error *err, ErrorKind kind, const char *reason, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Puts "context: " in front of the text; kind and reason stay. Returns false. */
bool error_add(Error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
