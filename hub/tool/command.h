#pragma once

/*
 * One file a subcommand. Each gets argc, argv with argv[0] its own name, and returns an exit code: 0, 1 failed, 2 usage,
 * 3 nothing arrived, 4 some input was rejected, 78 configuration.
 */

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOTHING = 3, EXIT_REJECTED = 4, EXIT_CONFIG = 78 };

#include "hub/base/error.h"

/* Prints "hub PART: text" on stderr; 78 for ERR_FATAL, 2 for ERR_INPUT (what was typed), 1 otherwise. */
int command_failed(const char *part, const Error *err);

int command_run(int argc, char **argv);
int command_translate(int argc, char **argv);
int command_conform(int argc, char **argv);
int command_correlate(int argc, char **argv);
int command_recorrelate(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_promote(int argc, char **argv);
int command_decide(int argc, char **argv);
int command_learn(int argc, char **argv);
int command_suggest(int argc, char **argv);
int command_score(int argc, char **argv);
int command_relay(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_notify(int argc, char **argv);
int command_check(int argc, char **argv);
int command_list(int argc, char **argv);
int command_tail(int argc, char **argv);
int command_new(int argc, char **argv);
int command_topics(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_epoch(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_command(int argc, char **argv);
int command_rejected(int argc, char **argv);
int command_find(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_bulletin(int argc, char **argv);
int command_import(int argc, char **argv);
int command_erase(int argc, char **argv);
int command_warehouse(int argc, char **argv);
int command_status(int argc, char **argv);
int command_pause(int argc, char **argv);
int command_resume(int argc, char **argv);
int command_record(int argc, char **argv);
int command_scrub(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_help(int argc, char **argv);
int command_user(int argc, char **argv);
int command_version(int argc, char **argv);
