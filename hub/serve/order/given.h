#pragma once

/*
 * Commands that were given lately, by whoever gave them and his Idempotency-Key: the same again is the same command. Bounded, for a day,
 * and in memory; that a repeat after a restart counts once is the ids' doing (they follow from person, key and body). From any thread.
 */

#include "hub/operate/operate.h"

enum { GIVEN_MOST = 10000 };

typedef struct Given Given;

typedef struct {
        char id[COMMAND_ID_SIZE], verb[16], zone[65], by[80];
        int64_t at;
        char body[65]; /* SHA-256 of what was asked */
} GivenCommand;

typedef enum { GIVEN_NEW, GIVEN_BEFORE, GIVEN_OTHERWISE } GivenFound;

Given *given_new(void);
void given_free(Given *given); /* also NULL */
/* Before: command is the one of then. Otherwise: the same key came with another body. */
GivenFound given_find(Given *given, const char *by, const char *key, GivenCommand *command);
void given_add(Given *given, const char *by, const char *key, const GivenCommand *command);
bool given_by_id(Given *given, const char *id, GivenCommand *command);
