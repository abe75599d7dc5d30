/* hub rejected: what could not become an event, and why; opens the sealed bytes for whoever holds the key. */

#include "hub/rejected/rejected.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LIST_MOST = 50 };

static const char usage[] =
        "usage: hub rejected list [--count] [FILTER] [--max N] [--config FILE]\n"
        "       hub rejected show REF [--open] [--config FILE]\n"
        "       hub rejected retry REF | --all [FILTER] [--config FILE]\n"
        "  list   the newest records that could not become events, and why; default 50. Their REF comes first.\n"
        "         --count: how many by platform, instance and reason, and how many of them wait for a retry\n"
        "  show   one of them as JSON; --open prints its bytes, as received, instead: they may hold personal data, it "
        "is logged,\n"
        "         and it needs the keys of privacy.keys\n"
        "  retry  after a fix: translates it again with the options that its instance has now, and publishes what "
        "comes of it.\n"
        "         --all leaves out what was retried before, whatever came of it, and (but for --reason crashed) what "
        "crashed us.\n"
        "         Exit 3 when there was nothing to retry, 4 when something was rejected again.\n"
        "  FILTER: [--platform P] [--instance I] [--reason CODE] [--since TIME]; TIME is when it was received\n";

/* ---- list ---- */

static bool list_query(const RejectedOrder *order, Db *db, DbResult **rows, Error *err)
{
        CLEANUP(mem_drop) char *max = text_format("%lld", (long long)order->max);
        const char *const values[] = { order->instance, order->platform, order->reason, order->since, max };

        return db_query(db, rows,
                        "SELECT " REJECTED_REF ", to_char(received, 'YYYY-MM-DD HH24:MI:SS'), coalesce(platform, '-'),"
                        " coalesce(instance, '-'), stage, reason, coalesce(size::text, '-'), coalesce(text, ''),"
                        " coalesce(' (retried by ' || retried_by || ')', '') ||"
                        " coalesce(' (again: was ' || retry_of || ')', '')"
                        " FROM ops.rejected WHERE " REJECTED_FILTER
                        " ORDER BY ops.rejected.received DESC, topic, partition, \"offset\" DESC LIMIT $5::bigint",
                        values, 5, err);
}

static bool rejected_list(const RejectedOrder *order, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!list_query(order, db, &rows, err))
                return false;
        if (db_rows(rows))
                printf("%-28s %-19s %-8s %-14s %-10s %-16s %8s  %s\n", "ref", "received", "platform", "instance",
                       "stage", "reason", "bytes", "text");
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%-28s %-19s %-8s %-14s %-10s %-16s %8s  %s%s\n", db_text(rows, i, 0), db_text(rows, i, 1),
                       db_text(rows, i, 2), db_text(rows, i, 3), db_text(rows, i, 4), db_text(rows, i, 5),
                       db_text(rows, i, 6), db_text(rows, i, 7), db_text(rows, i, 8));
        return true;
}

static bool rejected_count(const RejectedOrder *order, Db *db, Error *err)
{
        const char *const values[] = { order->instance, order->platform, order->reason, order->since };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows,
                      "SELECT coalesce(platform, '-'), coalesce(instance, '-'), stage, reason, count(*),"
                      " count(*) FILTER (WHERE stage = 'adapter' AND retried_by IS NULL AND retry_of IS NULL),"
                      " to_char(max(received), 'YYYY-MM-DD HH24:MI:SS') FROM ops.rejected WHERE " REJECTED_FILTER
                      " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 4",
                      values, 4, err))
                return false;
        if (db_rows(rows))
                printf("%-8s %-14s %-10s %-16s %8s %8s  %s\n", "platform", "instance", "stage", "reason", "records",
                       "waiting", "newest");
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%-8s %-14s %-10s %-16s %8s %8s  %s\n", db_text(rows, i, 0), db_text(rows, i, 1),
                       db_text(rows, i, 2), db_text(rows, i, 3), db_text(rows, i, 4), db_text(rows, i, 5),
                       db_text(rows, i, 6));
        return true;
}

/* ---- show ---- */

static bool row_find(const RejectedOrder *order, Db *db, DbResult **rows, Error *err)
{
        const char *const values[] = { order->ref };

        if (!db_query(db, rows,
                      "SELECT " REJECTED_COLUMNS ","
                      " json_strip_nulls(json_build_object('topic', topic, 'partition', partition, 'offset', "
                      "\"offset\", 'stage', stage,"
                      " 'instance', instance, 'platform', platform, 'zone', zone, 'run', run, 'seq', seq, 'reason', "
                      "reason, 'text', text,"
                      " 'channel', channel, 'position', position, 'content_type', content_type, 'received',"
                      " to_char(received AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), 'sha256', sha256, "
                      "'size', size,"
                      " 'key_version', key_version, 'retried_by', retried_by, 'retry_of', retry_of))"
                      " FROM ops.rejected WHERE " REJECTED_REF " = $1",
                      values, 1, err))
                return false;
        return db_rows(*rows) ||
               error_set(err, ERR_RETRY, NULL, "there is no rejected record %s (hub rejected list)", order->ref);
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

static bool rejected_open(const RejectedOrder *order, const Config *config, const DbResult *rows, Error *err)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };
        const bool is_sealed = db_text(rows, 0, REJECTED_ROW_KEY) != NULL;
        Privacy *privacy = is_sealed ? rejected_keys(config, err) : NULL;
        const bool opened = (privacy || !is_sealed) && rejected_bytes(config, privacy, rows, 0, &clear, err);

        privacy_free(privacy);
        if (!opened)
                return false;
        log_info("a rejected record was opened", LOG_TEXT("ref", order->ref), LOG_NUMBER("user", (int64_t)getuid()));
        bytes_print(&clear);
        return true;
}

static bool rejected_show(const RejectedOrder *order, const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!row_find(order, db, &rows, err))
                return false;
        if (order->open)
                return rejected_open(order, config, rows, err) || error_add(err, "%s", order->ref);
        puts(db_text(rows, 0, REJECTED_ROW_MORE));
        return true;
}

/* ---- command line ---- */

typedef enum { DO_LIST, DO_SHOW, DO_RETRY, DO_NOTHING } Deed;

static int rejected(const RejectedOrder *order, Deed deed)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };
        bool fine;

        if (time_open(&err) && config_load(&config, order->config, &err))
                db = tool_database(&config, "hub rejected", &err);
        if (!db)
                return command_failed("rejected", &err);
        if (deed == DO_RETRY)
                return rejected_retry(order, &config, db);
        if (deed == DO_SHOW)
                fine = rejected_show(order, &config, db, &err);
        else
                fine = order->count ? rejected_count(order, db, &err) : rejected_list(order, db, &err);
        return fine ? EXIT_FINE : command_failed("rejected", &err);
}

static bool since_read(const char *text, char canonical[TIME_TEXT_SIZE])
{
        int64_t ms;
        Error err;

        return time_read(text, &ms, NULL, &err) && time_text(ms, canonical);
}

/* What is not a value is a mark: open, count, all. */
static bool option_read(int option, RejectedOrder *order, char since[TIME_TEXT_SIZE])
{
        switch (option) {
        case 'c':
                order->config = optarg;
                return true;
        case 'i':
                order->instance = optarg;
                return true;
        case 'p':
                order->platform = optarg;
                return true;
        case 'r':
                order->reason = optarg;
                return true;
        case 's':
                order->since = since;
                return since_read(optarg, since);
        case 'm':
                return text_read_integer(optarg, &order->max) && order->max > 0;
        case 'o':
                return order->open = true;
        case 'n':
                return order->count = true;
        case 'a':
                return order->all = true;
        default:
                return false;
        }
}

static Deed operands_read(int size, char **operands, RejectedOrder *order)
{
        const bool filtered = order->instance || order->platform || order->reason || order->since;
        const char *verb = size ? operands[0] : "";

        order->ref = size == 2 ? operands[1] : NULL;
        if (strcmp(verb, "list") == 0 && size == 1 && !order->open && !order->all)
                return DO_LIST;
        if (strcmp(verb, "show") == 0 && size == 2 && !filtered && !order->count && !order->all)
                return DO_SHOW;
        if (strcmp(verb, "retry") == 0 && !order->open && !order->count &&
            (order->all ? size == 1 : size == 2 && !filtered))
                return DO_RETRY;
        return DO_NOTHING;
}

int command_rejected(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "instance", required_argument, NULL, 'i' },
                                                 { "platform", required_argument, NULL, 'p' },
                                                 { "reason", required_argument, NULL, 'r' },
                                                 { "since", required_argument, NULL, 's' },
                                                 { "max", required_argument, NULL, 'm' },
                                                 { "open", no_argument, NULL, 'o' },
                                                 { "count", no_argument, NULL, 'n' },
                                                 { "all", no_argument, NULL, 'a' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        RejectedOrder order = { .max = LIST_MOST };
        char since[TIME_TEXT_SIZE];
        Deed deed;

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order, since))
                        return tool_usage(usage, option == 'h');
        deed = operands_read(argc - optind, argv + optind, &order);
        if (deed == DO_NOTHING)
                return tool_usage(usage, false);
        log_open("rejected");
        return rejected(&order, deed);
}
