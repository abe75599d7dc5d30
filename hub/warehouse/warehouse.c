/* hub warehouse: what the analysts' tables need from time to time. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/tool/tool.h"
#include "hub/warehouse/dictionary.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub warehouse refresh [--whole] | retain --months N [--drop] | months | dictionary   [--config FILE]\n"
        "  refresh     takes what the log has grown by into the indicators of mart; --whole makes all of them anew\n"
        "  retain      names the monthly partitions of ods.record older than N months; --drop drops them, with the "
        "ticks of\n"
        "              that time: the indicators stay, hub recorrelate and lineage begin with the oldest month that is "
        "left\n"
        "  months      moves what lies in the default partition of ods.record into months of its own\n"
        "  dictionary  every table and column of the analysts' schemas, in Chinese and English, as a page\n";

typedef struct {
        const char *config, *months;
        bool whole, drop;
} Order;

static bool refresh(Db *db, const Order *order, Error *err)
{
        const char *const values[] = { order->whole ? "true" : "false" };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows,
                      "SELECT revisions, cases, round(extract(epoch FROM took)::numeric, 1) FROM "
                      "mart.refresh($1::boolean)",
                      values, 1, err))
                return false;
        printf("%s revisions taken in, %s incidents made anew, %s s\n", db_text(rows, 0, 0), db_text(rows, 0, 1),
               db_text(rows, 0, 2));
        return true;
}

/* What is dropped was taken into the indicators before, all of it: mart.retain() refuses otherwise. */
static bool retain(Db *db, const Order *order, Error *err)
{
        char now[TIME_TEXT_SIZE];
        const char *const values[] = { time_text(time_now(), now), order->months, order->drop ? "true" : "false" };
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        int64_t months;

        if (!order->months || !text_read_integer(order->months, &months) || months < 1 || months > 1200)
                return error_set(err, ERR_INPUT, NULL, "--months: a number from 1 to 1200 is needed");
        if (!db_query(db, &rows, "SELECT name, records FROM mart.retain($1::timestamptz, $2::integer, $3::boolean)",
                      values, 3, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%s %s: about %s records\n", order->drop ? "dropped" : "would drop", db_text(rows, i, 0),
                       db_text(rows, i, 1));
        return true;
}

/* Correlators wait meanwhile: it is a month that nobody made in time, not a million rows. */
static bool months(Db *db, const Order *order, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        (void)order;
        if (!db_query(db, &rows, "SELECT name, records FROM meta.default_empty()", NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%s: %s records\n", db_text(rows, i, 0), db_text(rows, i, 1));
        return true;
}

static bool dictionary(Db *db, const Order *order, Error *err)
{
        CLEANUP(buffer_free) Buffer page = { 0 };

        (void)order;
        if (!dictionary_page(db, &page, err))
                return false;
        fputs(page.bytes, stdout);
        return true;
}

static const struct {
        const char *name;
        bool (*run)(Db *db, const Order *order, Error *err);
} parts[] = { { "refresh", refresh }, { "retain", retain }, { "months", months }, { "dictionary", dictionary } };

static bool part_run(const Order *order, size_t part, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;

        if (!time_open(err) || !config_load(&config, order->config, err))
                return false;
        db = tool_database(&config, "hub warehouse", err);
        return db && parts[part].run(db, order, err);
}

static bool options_take(Order *order, int argc, char **argv, bool *asked)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' }, { "months", required_argument, NULL, 'm' },
                { "whole", no_argument, NULL, 'w' },        { "drop", no_argument, NULL, 'd' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                *asked = option == 'h';
                if (option == 'c')
                        order->config = optarg;
                else if (option == 'm')
                        order->months = optarg;
                else if (option != 'w' && option != 'd')
                        return false;
                order->whole = order->whole || option == 'w';
                order->drop = order->drop || option == 'd';
        }
        return argc - optind == 1;
}

int command_warehouse(int argc, char **argv)
{
        Order order = { 0 };
        bool asked = false;
        Error err = { 0 };

        if (!options_take(&order, argc, argv, &asked))
                return tool_usage(usage, asked);
        log_open("warehouse");
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
                if (text_same(argv[optind], parts[i].name))
                        return part_run(&order, i, &err) ? EXIT_FINE : command_failed("warehouse", &err);
        return tool_usage(usage, false);
}
