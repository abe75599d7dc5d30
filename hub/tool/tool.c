#include "hub/tool/tool.h"

#include "hub/base/memory.h"
#include "hub/event/fields.h"

#include <stdio.h>
#include <string.h>

enum { PREFIX_MOST = 64 };

int tool_usage(const char *usage, bool asked)
{
        fputs(usage, asked ? stdout : stderr);
        return asked ? EXIT_FINE : EXIT_USAGE;
}

int tool_options(int argc, char **argv, const char *usage, const char **config)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option != 'c')
                        return tool_usage(usage, option == 'h');
                *config = optarg;
        }
        return optind == argc ? TOOL_GO_ON : tool_usage(usage, false);
}

char *tool_topic(const Config *config, const char *name)
{
        return text_format("%s.%s.v1", config->kafka.topic_prefix, name);
}

bool tool_trial(Config *config, const char *prefix, Error *err)
{
        char **own = &config->kafka.topic_prefix;

        if (!form_fits(FORM_NAME, prefix, PREFIX_MOST))
                return error_set(err, ERR_INPUT, NULL, "\"%s\" is no prefix of a topic: up to %d of A-Z a-z 0-9 . _ -",
                                 prefix, PREFIX_MOST);
        if (strcmp(prefix, *own) == 0)
                return error_set(err, ERR_INPUT, NULL,
                                 "\"%s\" is the configuration's own prefix: a trial needs another", prefix);
        mem_drop(own);
        *own = text_copy(prefix);
        return true;
}

Db *tool_database(const Config *config, const char *name, Error *err)
{
        DbOptions options = config->postgres;
        Db *db;

        options.statement_timeout_ms = 0;
        db = db_open(&options, name, "", err);
        if (!db)
                error_add(err, "connecting to PostgreSQL");
        return db;
}
