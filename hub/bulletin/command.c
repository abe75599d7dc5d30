/* hub bulletin: the monthly bulletin as a page, as tables, as a workbook. */

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/bulletin/bulletin.h"
#include "hub/tool/tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub bulletin --month 2024-01 [--format html|csv|xlsx] [--output FILE] [--as-of TIME] [--publish] "
        "[--config FILE]\n"
        "  The month's figures out of the views of mart: ranking, charts, map, overdue list, what was joined. html "
        "(on\n"
        "  stdout unless --output) prints on A4; xlsx needs --output.\n"
        "  --as-of TIME  what was known at that moment, such as 2024-02-01T08:00:00+08:00; now by default\n"
        "  --publish     keeps the incidents as they stand at that moment: the same --as-of gives the same figures "
        "ever\n"
        "                after, whatever is corrected or promoted\n";

typedef struct {
        const char *config, *month, *format, *output, *as_of;
        bool publish;
} Order;

static bool text_write(const char *path, const Buffer *text, Error *err)
{
        FILE *file = path ? fopen(path, "we") : stdout;
        bool fine = file && fwrite(text->bytes, 1, text->size, file) == text->size && fflush(file) == 0;

        if (file && path)
                fine = fclose(file) == 0 && fine;
        return fine || error_set(err, ERR_RETRY, NULL, "%s: %s", path ? path : "stdout", strerror(errno));
}

static bool write_as(const Bulletin *bulletin, const Order *order, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        if (text_same(order->format, "xlsx"))
                return bulletin_xlsx(bulletin, order->output, err);
        if (text_same(order->format, "csv"))
                bulletin_csv(bulletin, &text);
        else
                bulletin_html(bulletin, &text);
        return text_write(order->output, &text, err);
}

/* Who may not refresh reads what is there. */
static bool refresh(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, "SELECT has_function_privilege('mart.refresh(boolean)', 'EXECUTE')", NULL, 0, err))
                return false;
        return !text_same(db_text(rows, 0, 0), "t") || db_query(db, NULL, "SELECT mart.refresh()", NULL, 0, err);
}

/* A moment is kept by who may. */
static bool prepare(Db *db, const char *as_of, bool publish, Error *err)
{
        const char *const values[] = { as_of };

        return refresh(db, err) &&
               (!publish || db_query(db, NULL, "SELECT mart.freeze($1::timestamptz)", values, 1, err));
}

static bool bulletin_make(const Order *order, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(bulletin_free) Bulletin bulletin = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        char now[TIME_TEXT_SIZE];
        const char *as_of = order->as_of;
        int64_t moment;

        if (!time_open(err) || !config_load(&config, order->config, err))
                return false;
        if (as_of && !time_read(as_of, &moment, NULL, err))
                return error_add(err, "--as-of");
        if (as_of)
                as_of = time_text(moment, now);
        else if (order->publish || time_simulated())
                as_of = time_text(time_now(), now);
        db = tool_database(&config, "hub bulletin", err);
        return db && prepare(db, as_of, order->publish, err) &&
               bulletin_read(&bulletin, db, order->month, as_of, err) && write_as(&bulletin, order, err);
}

static bool options_take(Order *order, int argc, char **argv, bool *asked)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' }, { "month", required_argument, NULL, 'm' },
                { "format", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
                { "as-of", required_argument, NULL, 'a' },  { "publish", no_argument, NULL, 'p' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                const char **into = option == 'c'   ? &order->config
                                    : option == 'm' ? &order->month
                                    : option == 'f' ? &order->format
                                    : option == 'o' ? &order->output
                                    : option == 'a' ? &order->as_of
                                                    : NULL;

                *asked = option == 'h';
                if (into)
                        *into = optarg;
                else if (option != 'p')
                        return false;
                order->publish = order->publish || option == 'p';
        }
        return optind == argc && order->month && (!text_same(order->format, "xlsx") || order->output) &&
               (text_same(order->format, "html") || text_same(order->format, "csv") ||
                text_same(order->format, "xlsx"));
}

int command_bulletin(int argc, char **argv)
{
        Order order = { .format = "html" };
        bool asked = false;
        Error err = { 0 };

        if (!options_take(&order, argc, argv, &asked))
                return tool_usage(usage, asked);
        log_open("bulletin");
        return bulletin_make(&order, &err) ? EXIT_FINE : command_failed("bulletin", &err);
}
