#pragma once

/* What the tools share: --config and --help, topics by name, a connection without a limit on statements. */

#include "hub/config/config.h"
#include "hub/tool/command.h"

#include <getopt.h>

enum { TOOL_GO_ON = -1 };

int tool_usage(const char *usage, bool asked); /* asked for: stdout and 0; else stderr and 2 */
/* For a tool with these two only, and no operands: TOOL_GO_ON, or the exit code. */
int tool_options(int argc, char **argv, const char *usage, const char **config);
char *tool_topic(const Config *config, const char *name); /* "events": hub.events.v1; owned */
/* --topic-prefix of a trial takes the place of production's. ERR_INPUT: no name for a topic, or production's own. */
bool tool_trial(Config *config, const char *prefix, Error *err);
Db *tool_database(const Config *config, const char *name, Error *err);
