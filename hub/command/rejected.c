/* hub rejected: what could not become an event, and why; opens the sealed bytes for whoever holds the key. */

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/command/tool.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LIST_MOST = 50, SEALED_MOST = 256 * 1024 * 1024 };

static const char usage[] =
        "usage: hub rejected list [--instance I] [--reason CODE] [--max N] [--config FILE]\n"
        "       hub rejected show REF [--open] [--config FILE]\n"
        "  list  the newest records that could not become events, and why; default 50. Their REF comes first.\n"
        "  show  one of them as JSON; --open prints its bytes, as received, instead: they may hold personal data, it "
        "is logged,\n"
        "        and it needs the keys of privacy.keys.\n";

typedef struct {
        const char *config, *ref, *instance, *reason;
        int64_t max;
        bool open;
} Order;

/* ---- list ---- */

static bool rejected_list(const Order *order, Db *db, Error *err)
{
        CLEANUP(mem_drop) char *max = text_format("%lld", (long long)order->max);
        const char *const values[] = { order->instance, order->reason, max };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(
                    db, &rows,
                    "SELECT topic || '/' || partition || '/' || \"offset\", to_char(received, 'YYYY-MM-DD HH24:MI:SS'),"
                    " coalesce(instance, '-'), stage, reason, coalesce(size::text, '-'), coalesce(text, ''), retried_by"
                    " FROM ops.rejected WHERE ($1::text IS NULL OR instance = $1) AND ($2::text IS NULL OR reason = $2)"
                    " ORDER BY ops.rejected.received DESC, topic, partition, \"offset\" DESC LIMIT $3::bigint",
                    values, 3, err))
                return false;
        if (db_rows(rows))
                printf("%-28s %-19s %-12s %-10s %-16s %8s  %s\n", "ref", "received", "instance", "stage", "reason",
                       "bytes", "text");
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%-28s %-19s %-12s %-10s %-16s %8s  %s%s%s\n", db_text(rows, i, 0), db_text(rows, i, 1),
                       db_text(rows, i, 2), db_text(rows, i, 3), db_text(rows, i, 4), db_text(rows, i, 5),
                       db_text(rows, i, 6), db_text(rows, i, 7) ? " retried by " : "",
                       db_text(rows, i, 7) ? db_text(rows, i, 7) : "");
        return true;
}

/* ---- show ---- */

enum { COLUMN_INSTANCE, COLUMN_RUN, COLUMN_SEQ, COLUMN_SHA256, COLUMN_SIZE, COLUMN_KEY, COLUMN_VALUE, COLUMN_JSON };

static bool row_find(const Order *order, Db *db, DbResult **rows, Error *err)
{
        const char *const values[] = { order->ref };

        if (!db_query(db, rows,
                      "SELECT instance, run, seq, sha256, size, key_version, encode(value, 'hex'),"
                      " json_strip_nulls(json_build_object('topic', topic, 'partition', partition, 'offset', "
                      "\"offset\", 'stage', stage,"
                      " 'instance', instance, 'platform', platform, 'zone', zone, 'run', run, 'seq', seq, 'reason', "
                      "reason, 'text', text,"
                      " 'channel', channel, 'position', position, 'content_type', content_type, 'received',"
                      " to_char(received AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), 'sha256', sha256, "
                      "'size', size,"
                      " 'key_version', key_version, 'retried_by', retried_by))"
                      " FROM ops.rejected WHERE topic || '/' || partition || '/' || \"offset\" = $1",
                      values, 1, err))
                return false;
        return db_rows(*rows) ||
               error_set(err, ERR_RETRY, NULL, "there is no rejected record %s (hub rejected list)", order->ref);
}

/* What is too large for Kafka lies sealed in the state folder of the instance, on the machine that ran it. */
static bool sealed_read(const Config *config, const DbResult *rows, Buffer *sealed, Error *err)
{
        CLEANUP(mem_drop) char *path = NULL;

        if (db_text(rows, 0, COLUMN_VALUE) && !hex_read(db_text(rows, 0, COLUMN_VALUE), sealed))
                return error_set(err, ERR_FATAL, NULL, "its value cannot be read");
        if (sealed->size || !db_integer(rows, 0, COLUMN_SIZE))
                return true;
        path = text_format("%s/%s/rejected/%s-%s", config->state, db_text(rows, 0, COLUMN_INSTANCE),
                           db_text(rows, 0, COLUMN_RUN), db_text(rows, 0, COLUMN_SEQ));
        return file_read(sealed, path, SEALED_MOST, err) || error_add(err, "too large for Kafka, kept by its instance");
}

static void privacy_drop(Privacy **privacy)
{
        if (*privacy)
                privacy_free(*privacy);
}

static bool bytes_unseal(const Config *config, const DbResult *rows, const Buffer *sealed, Buffer *clear, Error *err)
{
        CLEANUP(mem_drop)
        char *extra = text_format("%s:%s:%s", db_text(rows, 0, COLUMN_INSTANCE), db_text(rows, 0, COLUMN_RUN),
                                  db_text(rows, 0, COLUMN_SEQ));
        CLEANUP(privacy_drop) Privacy *privacy = NULL;

        if (!config->privacy.keys)
                return error_set(err, ERR_FATAL, NULL, "privacy.keys is not set: only its keys open this");
        privacy = privacy_load(config->privacy.keys, err);
        return privacy && privacy_unseal(privacy, (int)db_integer(rows, 0, COLUMN_KEY), extra, sealed->bytes,
                                         sealed->size, clear, err);
}

/* As received; on a terminal, which would obey some of them, control bytes become \xNN. */
static void bytes_print(const Buffer *clear)
{
        if (!isatty(STDOUT_FILENO)) {
                fwrite(clear->bytes, 1, clear->size, stdout);
                return;
        }
        for (size_t i = 0; i < clear->size; i++) {
                unsigned char byte = (unsigned char)clear->bytes[i];

                if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
                        printf("\\x%02x", byte);
                else
                        putchar(byte);
        }
        putchar('\n');
}

static bool sum_check(const DbResult *rows, const Buffer *clear, Error *err)
{
        const char *want = db_text(rows, 0, COLUMN_SHA256);
        char got[SHA256_TEXT_SIZE];

        sha256_text(clear->bytes, clear->size, got);
        return !want || strcmp(want, got) == 0 ||
               error_set(err, ERR_FATAL, NULL, "its bytes do not have the SHA-256 that was noted");
}

static bool rejected_open(const Order *order, const Config *config, const DbResult *rows, Error *err)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer clear = { 0 };
        bool is_sealed = db_text(rows, 0, COLUMN_KEY) != NULL;

        buffer_room(&clear, 0);
        if (!sealed_read(config, rows, is_sealed ? &sealed : &clear, err))
                return false;
        if (is_sealed && !bytes_unseal(config, rows, &sealed, &clear, err))
                return false;
        if (!sum_check(rows, &clear, err))
                return false;
        log_info("a rejected record was opened", LOG_TEXT("ref", order->ref), LOG_NUMBER("user", (int64_t)getuid()));
        bytes_print(&clear);
        return true;
}

static bool rejected_show(const Order *order, const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!row_find(order, db, &rows, err))
                return false;
        if (order->open)
                return rejected_open(order, config, rows, err) || error_add(err, "%s", order->ref);
        puts(db_text(rows, 0, COLUMN_JSON));
        return true;
}

static int rejected(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };
        bool fine;

        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub rejected", &err);
        if (!db)
                return command_failed("rejected", &err);
        fine = order->ref ? rejected_show(order, &config, db, &err) : rejected_list(order, db, &err);
        return fine ? EXIT_FINE : command_failed("rejected", &err);
}

static bool option_read(int option, Order *order)
{
        switch (option) {
        case 'c':
                order->config = optarg;
                return true;
        case 'i':
                order->instance = optarg;
                return true;
        case 'r':
                order->reason = optarg;
                return true;
        case 'm':
                return text_read_integer(optarg, &order->max) && order->max > 0;
        case 'o':
                order->open = true;
                return true;
        default:
                return false;
        }
}

static bool operands_read(int size, char **operands, Order *order)
{
        if (size == 1 && strcmp(operands[0], "list") == 0)
                return !order->open;
        if (size == 2 && strcmp(operands[0], "show") == 0)
                order->ref = operands[1];
        return order->ref && !order->instance && !order->reason;
}

int command_rejected(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "instance", required_argument, NULL, 'i' },
                                                 { "reason", required_argument, NULL, 'r' },
                                                 { "max", required_argument, NULL, 'm' },
                                                 { "open", no_argument, NULL, 'o' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { .max = LIST_MOST };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order))
                        return tool_usage(usage, option == 'h');
        if (!operands_read(argc - optind, argv + optind, &order))
                return tool_usage(usage, false);
        log_open("rejected");
        return rejected(&order);
}
