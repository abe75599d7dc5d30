#pragma once

/*
 * Lines' commands on their way into the log (messages.md section 3): written, signed, produced into their zone's partition. There is
 * one way, for `hub command` as for hub serve. From any thread.
 */

#include "hub/config/config.h"
#include "hub/event/json.h"

enum { COMMAND_ID_SIZE = 31 }; /* "cmd:", 26 characters, NUL */

typedef struct Line Line; /* to the log */

/* ERR_FATAL: commands.keys is not set, or wrong. Kafka may be away: the producer is made when it is wanted. */
Line *operate_open(const Config *config, Error *err);
void operate_close(Line *line); /* also NULL */

/*
 * True once Kafka has it. ERR_INPUT: not of the form of a command. ERR_RETRY: Kafka did not say so within wait_ms; what waited is
 * given up, and whoever repeats it gives the same id, so that it counts once, should it have arrived after all.
 */
bool operate_give(Line *line, const Command *command, int64_t wait_ms, Error *err);

void command_id_random(char id[COMMAND_ID_SIZE]);
void command_id_of(const void *bytes, size_t size, char id[COMMAND_ID_SIZE]); /* the same for the same bytes */

/* {"org": ...} as the command's arguments; args holds the text. */
void command_argument(Command *command, Buffer *args, const char *key, const char *value);
/* The log is no place for a citizen's number: it is masked as in a report. masked holds the text. */
void command_note(Command *command, Buffer *masked, const char *note);
