/* hub scrub: a recording without its people. */

#include "hub/recording/scrub_text.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/keep/folder.h"
#include "hub/recording/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MOST = 256 };

static const char usage[] =
        "usage: hub scrub DIR [--member NAME ...]\n"
        "  Replaces personal data in a recording (hub record) by data of the same lengths and kinds, in place: phones, "
        "ID "
        "numbers, bank\n"
        "  cards, e-mail addresses and plates wherever they stand, and texts of JSON members that name a person: "
        "reporter, "
        "name, phone\n"
        "  and the like, members to which the recording's options give such a role, and those of --member. Names in "
        "free "
        "text cannot be\n"
        "  found: read it before you hand it on. What is no UTF-8 is left as it is and named; exit 4.\n";

typedef struct {
        char *items[MEMBERS_MOST];
        size_t size;
} Members;

static void member_add(Members *members, const char *name)
{
        if (members->size < MEMBERS_MOST)
                members->items[members->size++] = text_copy(name);
}

static void members_free(Members *members)
{
        for (size_t i = 0; i < members->size; i++)
                free(members->items[i]);
}

/* "note8: reporter" in a table of the options makes note8 a person's. */
static void members_take(Members *members, const Adapter *adapter, const void *options)
{
        static const char *const roles[] = { "reporter", "phone", "plate", "name", "contact", "account", NULL };

        Option option;

        for (size_t i = 0; option_at(adapter->options, adapter->options_size, i, &option); i++) {
                const TextTable *table = (const void *)((const char *)options + option.offset);

                if (option.type != OPTION_TABLE)
                        continue;
                for (size_t row = 0; row < table->size; row++)
                        for (const char *const *role = roles; *role; role++)
                                if (text_same(table->values[row], *role))
                                        member_add(members, table->keys[row]);
        }
}

static bool members_fill(Members *members, const Recording *recording, Error *err)
{
        static const char *const known[] = { "reporter", "reporter_name", "name",   "first_name", "last_name",
                                             "phone",    "mobile",        "tel",    "email",      "contact",
                                             "linkman",  "id_card",       "idcard", "plate",      "姓名",
                                             "联系人",   "电话",          "手机",   "联系电话",   "身份证",
                                             "身份证号", "车牌" };
        const Adapter *adapter = recording_adapter(recording, err);
        void *options = adapter ? recording_options(recording, adapter, err) : NULL;

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
                member_add(members, known[i]);
        if (!options)
                return false;
        members_take(members, adapter, options);
        options_free(adapter->options, adapter->options_size, options);
        free(options);
        return true;
}

/* False with ERR_INPUT: left as it is. */
static bool file_scrub(Recording *recording, json_t *row, size_t index, const TextList *members, Error *err)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        CLEANUP(buffer_free) Buffer clean = { 0 };
        char sum[SHA256_TEXT_SIZE];
        Record record;

        buffer_add(&clean, "", 0);
        if (!recording_read(recording, index, &bytes, &record, err) ||
            !scrub_text(&clean, record.bytes, record.size, members, err) ||
            !folder_store(recording->folder, json_text(row, "file"), clean.bytes, clean.size, err))
                return false;
        json_object_set_new(row, "sha256", json_string(sha256_text(clean.bytes, clean.size, sum)));
        return true;
}

static bool meta_store(const Recording *recording, bool is_clean, Error *err)
{
        CLEANUP(buffer_free) Buffer meta = { 0 };
        CLEANUP(mem_drop) char *about = NULL;

        buffer_add(&meta, "", 0);
        for (size_t i = 0; i < recording_size(recording); i++) {
                CLEANUP(mem_drop) char *line = json_dumps(json_array_get(recording->rows, i), JSON_COMPACT);

                buffer_text(&meta, line);
                buffer_byte(&meta, '\n');
        }
        json_object_set_new(recording->about, "scrubbed", json_boolean(is_clean));
        about = json_dumps(recording->about, JSON_INDENT(2));
        return folder_store(recording->folder, "meta.ndjson", meta.bytes, meta.size, err) &&
               folder_store(recording->folder, "recording.json", about, strlen(about), err);
}

static bool all_scrub(Recording *recording, const TextList *members, size_t *left, Error *err)
{
        for (size_t i = 0; i < recording_size(recording); i++) {
                json_t *row = json_array_get(recording->rows, i);
                Error why = { 0 };

                if (file_scrub(recording, row, i, members, &why))
                        continue;
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                fprintf(stderr, "hub scrub: %s: %s\n", json_text(row, "file"), why.text);
                ++*left;
        }
        return meta_store(recording, !*left, err);
}

int command_scrub(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' }, /* as all others take it */
                                                 { "member", required_argument, NULL, 'm' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        CLEANUP(recording_close) Recording recording = { 0 };
        CLEANUP(members_free) Members members = { 0 };
        size_t left = 0;
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'm')
                        member_add(&members, optarg);
                else if (option != 'c')
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc - 1)
                return tool_usage(usage, false);
        log_open("scrub");
        if (!recording_open(&recording, argv[optind], &err) || !members_fill(&members, &recording, &err) ||
            !all_scrub(&recording, &(TextList){ members.items, members.size }, &left, &err))
                return command_failed("scrub", &err);
        printf("%s: %zu of %zu records scrubbed\n", argv[optind], recording_size(&recording) - left,
               recording_size(&recording));
        return left ? EXIT_REJECTED : EXIT_FINE;
}
