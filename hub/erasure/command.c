/* hub erase: a person's data out of the warehouse, with a record that nobody can change unseen. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/correlate/store.h"
#include "hub/erasure/chain.h"
#include "hub/erasure/sealed.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub erase --pseudonym P [--reason TEXT --by WHO --yes] [--log FILE] [--config FILE]\n"
        "       hub erase --verify | --reapply [--log FILE] [--config FILE]\n"
        "  Without --yes it says what would go, and changes nothing. With it: every case that P reported, or whose "
        "plate P is,\n"
        "  is emptied (reporter, words, address, pictures, plate) in the log, the cases, the incidents of every "
        "generation,\n"
        "  the outbox and mart; consumers are told anew; what comes of these cases later comes in empty. A line of\n"
        "  STATE/erasures.log and of ops.erasure says so, in a chain of hashes. Kafka's own copies end with its "
        "retention.\n"
        "  --pseudonym  as events have it: p1:...; what a rotation of the keys put beside it goes, too\n"
        "  --reason, --by   why, and who asked for it: a number of a file, not a name of the person\n"
        "  --verify     does the chain hold, in the file and in the database? Exit 1 names the first line that does "
        "not\n"
        "  --reapply    after a restore, before hub correlate starts: erases again what the file says\n"
        "  Rejected records are opened with the keys of privacy.keys, and those that name P are emptied; without the "
        "keys they\n"
        "  stay sealed, and what comes of one that is retried comes in empty.\n"
        "  Exit 3: there is nothing of P.\n";

typedef struct {
        const char *config, *log, *pseudonym, *reason, *by;
        bool yes, verify, reapply;
} Order;

typedef struct {
        const Order *order;
        Config config;
        Db *db;
        char *path;
        Chain file, rows;
} Erase;

static void erase_close(Erase *erase)
{
        chain_free(&erase->file);
        chain_free(&erase->rows);
        db_close(erase->db);
        mem_drop(&erase->path);
        config_free(&erase->config);
}

static bool chains_read(Erase *erase, Error *err)
{
        return chain_file(&erase->file, erase->path, err) && chain_rows(&erase->rows, erase->db, err) &&
               chain_agree(&erase->file, &erase->rows, err);
}

static bool chains_same(const Erase *erase, Error *err)
{
        return erase->file.size == erase->rows.size ||
               error_set(err, ERR_RETRY, NULL, "%s has %zu lines, ops.erasure %zu: hub erase --reapply", erase->path,
                         erase->file.size, erase->rows.size);
}

/* ---- verify ---- */

static int verify(Erase *erase, Error *err)
{
        if (!chains_read(erase, err) || !chains_same(erase, err))
                return command_failed("erase", err);
        printf("the chain holds: %zu erasures, the last is %s\n", erase->file.size,
               erase->file.size ? erase->file.items[erase->file.size - 1].hash : "none");
        return EXIT_FINE;
}

/* ---- what was rejected ---- */

static void sealed_print(const Sealed *sealed)
{
        if (sealed->opened || sealed->shut)
                printf("rejected records: %zu opened, %zu of them emptied, %zu stay sealed%s%s%s\n", sealed->opened,
                       sealed->emptied, sealed->shut, sealed->why ? " (" : "", sealed->why ? sealed->why : "",
                       sealed->why ? ")" : "");
}

/* ---- reapply ---- */

/* {"...","..."}: what is in it came from JSON, so backslash and quote are all that matters. */
static void array_add(Buffer *array, const char *text)
{
        buffer_text(array, array->size ? ",\"" : "{\"");
        for (; *text; text++) {
                if (*text == '"' || *text == '\\')
                        buffer_byte(array, '\\');
                buffer_byte(array, *text);
        }
        buffer_byte(array, '"');
}

static bool again(Erase *erase, DbResult **done, Error *err)
{
        CLEANUP(buffer_free) Buffer entries = { 0 };
        CLEANUP(buffer_free) Buffer hashes = { 0 };

        for (size_t i = 0; i < erase->file.size; i++) {
                array_add(&entries, erase->file.items[i].entry);
                array_add(&hashes, erase->file.items[i].hash);
        }
        buffer_byte(&entries, '}');
        buffer_byte(&hashes, '}');
        const char *const values[] = { entries.bytes, hashes.bytes };
        return db_query(erase->db, done,
                        "SELECT records, cases, incidents, told FROM ops.erase_again($1::text[], $2::text[])", values,
                        2, err);
}

/* Lines that only the database has, as on a machine that was made anew, are kept beside it again. */
static bool file_complete(Erase *erase, Error *err)
{
        for (size_t i = erase->file.size; i < erase->rows.size; i++)
                if (!chain_append(erase->path, erase->rows.items[i].entry, erase->rows.items[i].hash, err))
                        return false;
        if (erase->file.size >= erase->rows.size)
                return true;
        chain_free(&erase->file);
        return chain_file(&erase->file, erase->path, err);
}

static bool again_sealed(Erase *erase, Sealed *sealed, Error *err)
{
        CLEANUP(mem_drop) const char **entries = mem_new((erase->file.size + 1) * sizeof(char *));

        for (size_t i = 0; i < erase->file.size; i++)
                entries[i] = erase->file.items[i].entry;
        return sealed_empty(sealed, erase->db, &erase->config, entries, erase->file.size, err);
}

static int reapply(Erase *erase, Error *err)
{
        CLEANUP(db_result_drop) DbResult *done = NULL;
        CLEANUP(sealed_free) Sealed sealed = { 0 };

        if (!chains_read(erase, err) || !file_complete(erase, err))
                return command_failed("erase", err);
        if (!erase->file.size) {
                puts("nothing was ever erased");
                return EXIT_FINE;
        }
        if (!db_begin(erase->db, "READ COMMITTED", err) || !again(erase, &done, err) ||
            !again_sealed(erase, &sealed, err) || !db_commit(erase->db, err))
                return command_failed("erase", err);
        sealed_drop_files(&sealed);
        printf("erased again, %zu lines: %s records, %s cases, %s incidents told anew\n", erase->file.size,
               db_text(done, 0, 0), db_text(done, 0, 1), db_text(done, 0, 3));
        sealed_print(&sealed);
        return EXIT_FINE;
}

/* ---- erase ---- */

enum { COLUMN_ENTRY = 6, COLUMN_HASH, COLUMN_PREVIOUS };

static bool erase_run(const Erase *erase, DbResult **done, Error *err)
{
        const Order *order = erase->order;
        char now[TIME_TEXT_SIZE];
        const char *const values[] = { order->pseudonym, order->reason ? order->reason : "", order->by ? order->by : "",
                                       time_text(time_now(), now) };

        return db_begin(erase->db, "READ COMMITTED", err) &&
               db_query(erase->db, done,
                        "SELECT records, rejected, cases, incidents, told, pseudonyms, entry, hash, previous FROM"
                        " ops.erase($1, $2, $3, $4::timestamptz)",
                        values, 4, err);
}

static void done_print(const Order *order, const DbResult *done)
{
        printf("%s: %s records of the log, %s rejected, %s cases in %s incidents (%s told anew), %s pseudonyms\n",
               order->yes ? "erased" : "would erase", db_text(done, 0, 0), db_text(done, 0, 1), db_text(done, 0, 2),
               db_text(done, 0, 3), db_text(done, 0, 4), db_text(done, 0, 5));
}

/* The file first: a line too many is erased again, one that is missing would be forgotten. */
static bool done_keep(const Erase *erase, const DbResult *done, Error *err)
{
        const char *last = erase->file.size ? erase->file.items[erase->file.size - 1].hash : NULL;

        if (last && strcmp(last, db_text(done, 0, COLUMN_PREVIOUS)) != 0)
                return error_set(err, ERR_RETRY, NULL, "another hub erase came between: give it again");
        return chain_append(erase->path, db_text(done, 0, COLUMN_ENTRY), db_text(done, 0, COLUMN_HASH), err) &&
               db_commit(erase->db, err);
}

static bool person_empty(Erase *erase, DbResult **done, Sealed *sealed, Error *err)
{
        if (!erase_run(erase, done, err))
                return false;
        const char *const entry = db_text(*done, 0, COLUMN_ENTRY);
        return sealed_empty(sealed, erase->db, &erase->config, &entry, 1, err);
}

static bool is_something(const DbResult *done, const Sealed *sealed)
{
        return db_integer(done, 0, 0) || db_integer(done, 0, 1) || db_integer(done, 0, 2) || sealed->emptied;
}

static int erase_person(Erase *erase, Error *err)
{
        CLEANUP(db_result_drop) DbResult *done = NULL;
        CLEANUP(sealed_free) Sealed sealed = { 0 };
        const bool yes = erase->order->yes;

        if ((yes && (!chains_read(erase, err) || !chains_same(erase, err))) ||
            !person_empty(erase, &done, &sealed, err) || (yes && !done_keep(erase, done, err)))
                return command_failed("erase", err);
        done_print(erase->order, done);
        sealed_print(&sealed);
        if (yes)
                sealed_drop_files(&sealed);
        else
                db_rollback(erase->db);
        return yes || is_something(done, &sealed) ? EXIT_FINE : EXIT_NOTHING;
}

/* ---- command line ---- */

static bool open_all(Erase *erase, Error *err)
{
        bool alone = false;

        if (!time_open(err) || !config_load(&erase->config, erase->order->config, err))
                return false;
        erase->path =
                erase->order->log ? text_copy(erase->order->log) : text_format("%s/erasures.log", erase->config.state);
        erase->db = tool_database(&erase->config, "hub erase", err);
        if (!erase->db || !store_replay_alone(erase->db, &alone, err))
                return false;
        return alone || error_set(err, ERR_RETRY, NULL, "a hub recorrelate or hub promote is at work: when it is done");
}

static int erase(const Order *order)
{
        CLEANUP(erase_close) Erase erase = { .order = order };
        Error err = { 0 };

        if (!open_all(&erase, &err))
                return command_failed("erase", &err);
        if (order->verify)
                return verify(&erase, &err);
        return order->reapply ? reapply(&erase, &err) : erase_person(&erase, &err);
}

static bool option_read(int option, Order *order)
{
        switch (option) {
        case 'c':
                return (order->config = optarg) != NULL;
        case 'l':
                return (order->log = optarg) != NULL;
        case 'p':
                return (order->pseudonym = optarg) != NULL;
        case 'r':
                return (order->reason = optarg) != NULL;
        case 'b':
                return (order->by = optarg) != NULL;
        case 'y':
                return order->yes = true;
        case 'v':
                return order->verify = true;
        case 'a':
                return order->reapply = true;
        default:
                return false;
        }
}

static bool order_whole(const Order *order)
{
        const bool told = order->reason && *order->reason && order->by && *order->by;

        return (order->pseudonym != NULL) + order->verify + order->reapply == 1 && (!order->yes || told) &&
               (order->pseudonym || !(order->yes || order->reason || order->by));
}

int command_erase(int argc, char **argv)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' },
                { "log", required_argument, NULL, 'l' },
                { "pseudonym", required_argument, NULL, 'p' },
                { "reason", required_argument, NULL, 'r' },
                { "by", required_argument, NULL, 'b' },
                { "yes", no_argument, NULL, 'y' },
                { "verify", no_argument, NULL, 'v' },
                { "reapply", no_argument, NULL, 'a' },
                { "help", no_argument, NULL, 'h' },
                { 0 },
        };
        Order order = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order))
                        return tool_usage(usage, option == 'h');
        if (optind != argc || !order_whole(&order))
                return tool_usage(usage, false);
        log_open("erase");
        return erase(&order);
}
