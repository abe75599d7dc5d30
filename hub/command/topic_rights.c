#include "hub/command/topic_rights.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 3 };

static const char *const operations[] = { [KAFKA_READ] = "read", [KAFKA_WRITE] = "write", [KAFKA_ALL] = "all" };

/* design.md, section 9: nobody has more than the work of a process needs. Logins are those of PostgreSQL, and two that have none
 * there: adapter, for every hub run, and centre, for the command centre's own consumers. */
static const struct {
        const char *login, *topic;
        KafkaOperation operation;
} ours[] = {
        { "adapter", "events", KAFKA_WRITE },   { "adapter", "rejected", KAFKA_WRITE },
        { "correlator", "events", KAFKA_READ }, { "correlator", "rejected", KAFKA_READ },
        { "relay", "incidents", KAFKA_WRITE },  { "api", "events", KAFKA_WRITE }, /* commands */
        { "centre", "events", KAFKA_READ },     { "centre", "incidents", KAFKA_READ },
};

static bool grant(const Config *config, const KafkaRight *right, Error *err)
{
        if (!kafka_rights_grant(&config->kafka, right, 1, err))
                return false;
        printf("%s may %s %s%s%s\n", right->login, operations[right->operation],
               right->is_group ? "as consumer group " : "", right->name, right->is_prefix ? "*" : "");
        return true;
}

/* Consumers tell the group of their name how far they are, for tools that show lag; hub_owner makes topics, too. */
static const KafkaRight others[] = {
        { .login = "correlator", .name = "hub-correlate", .is_group = true, .operation = KAFKA_READ },
        { .login = "adapter", .name = "hub-", .is_group = true, .is_prefix = true, .operation = KAFKA_READ },
        { .login = "hub_owner", .name = "hub-", .is_group = true, .is_prefix = true, .operation = KAFKA_READ },
        { .login = "centre", .name = "centre", .is_group = true, .is_prefix = true, .operation = KAFKA_READ },
};

static bool owner_grant(const Config *config, Error *err)
{
        CLEANUP(mem_drop) char *prefix = text_format("%s.", config->kafka.topic_prefix);
        const KafkaRight all = { .login = "hub_owner", .name = prefix, .is_prefix = true, .operation = KAFKA_ALL };

        return grant(config, &all, err);
}

bool topic_rights_grant(const Config *config, Error *err)
{
        for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
                CLEANUP(mem_drop) char *name = tool_topic(config, ours[i].topic);
                const KafkaRight right = { .login = ours[i].login, .name = name, .operation = ours[i].operation };

                if (!grant(config, &right, err))
                        return false;
        }
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                if (!grant(config, &others[i], err))
                        return false;
        return owner_grant(config, err);
}

static bool operation_read(const char *word, KafkaOperation *operation)
{
        for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
                if (text_same(word, operations[i])) {
                        *operation = (KafkaOperation)i;
                        return true;
                }
        return false;
}

bool topic_right_grant(const Config *config, const char *text, Error *err)
{
        CLEANUP(mem_drop) char *copy = text_copy(text);
        char *rest = copy, *words[WORDS] = { NULL };
        KafkaRight right = { 0 };

        for (size_t i = 0; i < WORDS; i++)
                words[i] = i + 1 < WORDS ? strsep(&rest, ":") : rest;
        if (!words[2] || !words[0][0] || !words[2][0] || !operation_read(words[1], &right.operation))
                return error_set(err, ERR_INPUT, NULL, "\"%s\" is no right: LOGIN:read|write|all:TOPIC", text);
        right.login = words[0];
        right.name = words[2];
        return grant(config, &right, err);
}
