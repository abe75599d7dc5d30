/* hub command: gives an operator's command to the log and waits for what became of it. */

#include "hub/tool/command.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/config/config.h"
#include "hub/operate/operate.h"

#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 30000, LOOK_MS = 100 };

typedef struct {
        const char *config, *org, *expect;
        Command command;
        char id[COMMAND_ID_SIZE], expected[32], rules[65]; /* what --expect names */
} Order;

static int usage(void)
{
        fputs("usage: hub command VERB EVENT...|COMMAND [--zone Z] [--by WHO] [--note TEXT] [--org NAME]\n"
              "                   [--expect INCIDENT:VERSION] [--config FILE]\n"
              "  merge EVENT EVENT...  one event of each incident; the first one's incident survives\n"
              "  split EVENT...        the events that leave their incident\n"
              "  apart EVENT EVENT...  one event of each incident: the first one's is another problem than the "
              "others', and stays so\n"
              "  confirm, reject, assign, dispatch, dispose, verify, close, reopen, note EVENT\n"
              "                        any event of the incident\n"
              "  undo COMMAND          the id of the command to take back, as it was printed\n"
              "  --org     who is to act: of assign and dispatch\n"
              "  --expect  the version that you saw: refused as stale when the incident has changed since\n",
              stderr);
        return EXIT_USAGE;
}

/* The command's id at the end: undo wants it. */
static int outcome_print(const Order *order, const DbResult *result)
{
        const char *reason = db_text(result, 0, 1), *incident = db_text(result, 0, 2);

        printf("%s%s%s%s%s (%s)\n", db_text(result, 0, 0), incident ? " " : "", incident ? incident : "",
               reason ? ": " : "", reason ? reason : "", order->id);
        return text_same(db_text(result, 0, 0), "done") ? EXIT_FINE : EXIT_FAILED;
}

static int outcome_await(const Config *config, const Order *order, Error *err)
{
        CLEANUP(db_drop) Db *db = db_open(&config->postgres, "hub command", "", err);
        const char *const values[] = { order->command.zone, order->id };
        const int64_t until = time_monotonic() + WAIT_MS;

        while (db && time_monotonic() < until) {
                CLEANUP(db_result_drop) DbResult *result = NULL;

                if (!db_query(db, &result,
                              "SELECT outcome, reason, incident FROM ops.command WHERE zone = $1 AND id = $2", values,
                              2, err))
                        return command_failed("command", err);
                if (db_rows(result) == 1)
                        return outcome_print(order, result);
                poll(NULL, 0, LOOK_MS);
        }
        if (err->kind == ERR_NONE)
                error_set(err, ERR_RETRY, NULL, "%s is in the log, but no correlator has read it within %d s",
                          order->id, WAIT_MS / 1000);
        return command_failed("command", err);
}

/* The version that was seen holds under the rules that made it: they are looked up. */
static bool expected_take(Order *order, const Config *config, Error *err)
{
        const char *colon = order->expect ? strchr(order->expect, ':') : NULL;

        if (!order->expect)
                return true;
        if (!colon || (size_t)(colon - order->expect) >= sizeof order->expected ||
            !text_read_integer(colon + 1, &order->command.expected_version) || order->command.expected_version < 1)
                return error_set(err, ERR_INPUT, NULL, "--expect %s: not INCIDENT:VERSION", order->expect);
        memcpy(order->expected, order->expect, (size_t)(colon - order->expect));
        CLEANUP(db_drop) Db *db = db_open(&config->postgres, "hub command", "", err);
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const char *const values[] = { order->expected };
        if (!db || !db_query(db, &result, "SELECT rules FROM dw.incident WHERE incident = $1", values, 1, err))
                return false;
        if (db_rows(result) != 1)
                return error_set(err, ERR_INPUT, NULL, "--expect %s: no such incident is known", order->expect);
        snprintf(order->rules, sizeof order->rules, "%s", db_text(result, 0, 0));
        order->command.expected_incident = order->expected;
        order->command.expected_rules = order->rules;
        return true;
}

static int order_give(Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        Error err = { 0 };

        command_id_random(order->id);
        order->command.id = order->id;
        order->command.at = time_now();
        if (!config_load(&config, order->config, &err))
                return command_failed("command", &err);
        Line *line = operate_open(&config, &err);
        const bool sent =
                line && expected_take(order, &config, &err) && operate_give(line, &order->command, WAIT_MS, &err);
        operate_close(line);
        return sent ? outcome_await(&config, order, &err) : command_failed("command", &err);
}

/* The events, or for undo the command that is taken back; arguments as JSON. */
static bool named_take(Order *order, int size, char **names, Buffer *args)
{
        Command *command = &order->command;

        if (order->org && !text_same(command->verb, "assign") && !text_same(command->verb, "dispatch"))
                return false;
        if (order->org)
                command_argument(command, args, "org", order->org);
        if (text_same(command->verb, "undo")) {
                command_argument(command, args, "command", names[0]);
                return size == 1;
        }
        if ((size_t)size > sizeof command->events / sizeof *command->events)
                return false;
        for (int i = 0; i < size; i++)
                command->events[command->events_size++] = names[i];
        return true;
}

static bool options_take(Order *order, int argc, char **argv)
{
        static const struct option long_options[] = { { "config", required_argument, NULL, 'c' },
                                                      { "zone", required_argument, NULL, 'z' },
                                                      { "by", required_argument, NULL, 'b' },
                                                      { "note", required_argument, NULL, 'n' },
                                                      { "org", required_argument, NULL, 'o' },
                                                      { "expect", required_argument, NULL, 'e' },
                                                      { 0 } };

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'c')
                        order->config = optarg;
                else if (option == 'z')
                        order->command.zone = optarg;
                else if (option == 'b')
                        order->command.by = optarg;
                else if (option == 'n')
                        order->command.note = optarg;
                else if (option == 'o')
                        order->org = optarg;
                else if (option == 'e')
                        order->expect = optarg;
                else
                        return false;
        }
        return argc - optind >= 2;
}

int command_command(int argc, char **argv)
{
        Order order = { .command = { .zone = "350206", .by = "user:operator" } };
        CLEANUP(buffer_free) Buffer args = { 0 };
        CLEANUP(buffer_free) Buffer note = { 0 };

        if (!options_take(&order, argc, argv))
                return usage();
        order.command.verb = argv[optind];
        command_note(&order.command, &note, order.command.note);
        if (!named_take(&order, argc - optind - 1, argv + optind + 1, &args))
                return usage();
        log_open("command");
        return order_give(&order);
}
