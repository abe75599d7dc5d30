/* hub: the table of commands. */

#include "hub/base/json.h"
#include "hub/base/terminal.h"
#include "hub/base/text.h"
#include "hub/tool/command.h"
#include "hub/tool/table.h"

#include <stdio.h>
#include <string.h>

const CommandEntry commands[] = {
        { "run", command_run, "read one instance's source, translate, publish" },
        { "pause", command_pause, "an instance reads nothing until hub resume" },
        { "resume", command_resume, "and goes on" },
        { "translate", command_translate, "an adapter on files: canonical events on stdout" },
        { "new", command_new, "an adapter to begin with, in a checkout: code, page, fixtures, instance" },
        { "conform", command_conform, "an adapter on its fixtures, changed in every way: what it must keep" },
        { "correlate", command_correlate, "events to incidents, into PostgreSQL" },
        { "relay", command_relay, "incident versions from PostgreSQL to Kafka" },
        { "serve", command_serve, "the command centre: REST, stream and console" },
        { "notify", command_notify, "incidents' changes to a webhook, or a robot of DingTalk or WeCom" },
        { "recorrelate", command_recorrelate, "the log again under other rules, beside the live incidents" },
        { "compare", command_compare, "which incidents would join or part" },
        { "promote", command_promote, "put what recorrelate made in place of the live incidents" },
        { "decide", command_decide, "the correlator's decisions on a log from stdin" },
        { "learn", command_learn, "rules of correlation from labelled reports, or from what operators ordered" },
        { "suggest", command_suggest, "likely twins whose answer teaches most, each with the commands that give it" },
        { "score", command_score, "decisions against a truth" },
        { "check", command_check, "is the configuration right; --connect: does everything answer" },
        { "list", command_list, "adapters, sources, instances, commands" },
        { "migrate", command_migrate, "bring the database's schema up to date" },
        { "topics", command_topics, "make the topics" },
        { "tail", command_tail, "print a topic" },
        { "epoch", command_epoch, "after a restore: raise the epoch, settle what consumers hold" },
        { "audit", command_audit, "balance the ledger; name the holes" },
        { "warehouse", command_warehouse, "the analysts' tables: refresh, retain, months, dictionary" },
        { "import", command_import, "regions and units into the warehouse" },
        { "bulletin", command_bulletin, "the monthly bulletin: page, tables or workbook" },
        { "erase", command_erase, "a person's data out of the warehouse, with a record of it" },
        { "status", command_status, "the state of everything, from PostgreSQL" },
        { "command", command_command, "an operator's command: merge, split, close ..." },
        { "user", command_user, "who may log in at hub serve, and with which keys machines ask it" },
        { "rejected", command_rejected, "rejected records: list, show, retry after a fix" },
        { "record", command_record, "keep what a source hands over, raw, in a folder" },
        { "scrub", command_scrub, "take the people out of a recording" },
        { "replay", command_replay, "translate a recording again" },
        { "find", command_find, "where is a number: its cases, events, incidents, rejected records" },
        { "explain", command_explain, "why an incident's reports stand together, in Chinese and English" },
        { "help", command_help, "this, or what a part of the configuration may hold" },
        { "version", command_version, "what is installed" },
        { 0 },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) - 1 };

static int unknown(const char *name)
{
        const char *names[COMMANDS], *nearest;

        for (size_t i = 0; i < COMMANDS; i++)
                names[i] = commands[i].name;
        nearest = text_nearest(name, names, COMMANDS);
        fprintf(stderr, "hub: no command \"%s\"%s%s%s\n", name, nearest ? "; did you mean \"" : "",
                nearest ? nearest : "", nearest ? "\"?" : " (hub help lists them)");
        return EXIT_USAGE;
}

int main(int argc, char **argv)
{
        terminal_guard();
        json_guard();
        if (argc < 2)
                return command_help(0, NULL);
        if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
                return command_help(1, argv + 1);
        for (size_t i = 0; i < COMMANDS; i++)
                if (strcmp(commands[i].name, argv[1]) == 0)
                        return commands[i].run(argc - 1, argv + 1);
        return unknown(argv[1]);
}
