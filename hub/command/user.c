/* hub user: who may log in at hub serve, and with which keys machines ask it. */

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/config/config.h"
#include "hub/people/link.h"
#include "hub/people/password.h"
#include "hub/people/roster.h"
#include "hub/tool/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static const char usage[] =
        "usage: hub user add NAME [--role ROLE] [--zones Z,Z|all] [--no-password] [--config FILE]\n"
        "       hub user password|remove|link NAME | list\n"
        "       hub user key NAME [--role ROLE] [--zones Z,Z|all] [--remove]\n"
        "  add        a user, or another role for one; the password is asked for twice, or read from stdin\n"
        "  password   another password; sessions of the old one end\n"
        "  link       prints an address that logs NAME in once, within ten minutes\n"
        "  key        prints a new key for a machine: Authorization: Bearer KEY; it is shown once\n"
        "             a viewer's opens a wall, too, at /v1/session/link?key=KEY, until it is removed\n"
        "  ROLE is viewer (default), dispatcher, supervisor or administrator; zones: all unless named.\n"
        "  They stand in the files serve.users and serve.api_keys; hub serve sees a change within a second.\n";

enum { LINE_MOST = 1024 };

typedef struct {
        const char *config_path, *role, *zones, *verb, *name;
        bool no_password, remove;
        Config config;
} Job;

/* ---- passwords ---- */

static bool line_read(char line[LINE_MOST], Error *err)
{
        const size_t size = fgets(line, LINE_MOST, stdin) ? strlen(line) : 0;

        if (size == 0 || (line[size - 1] != '\n' && size == LINE_MOST - 1))
                return error_set(err, ERR_INPUT, NULL, "no password came on stdin");
        line[strcspn(line, "\r\n")] = '\0';
        return true;
}

/* Not shown while it is typed. */
static bool hidden_read(const char *prompt, char line[LINE_MOST], Error *err)
{
        struct termios shown, hidden;

        if (tcgetattr(STDIN_FILENO, &shown) != 0)
                return line_read(line, err);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        fputs(prompt, stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        const bool is_read = line_read(line, err);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
        return is_read;
}

static bool password_ask(char line[LINE_MOST], Error *err)
{
        char again[LINE_MOST];

        if (!hidden_read("Password: ", line, err) || !password_fit(line, err))
                return false;
        if (!isatty(STDIN_FILENO))
                return true;
        const bool is_same = hidden_read("Again: ", again, err) && text_same(line, again);
        explicit_bzero(again, sizeof(again));
        return is_same || (err->kind == ERR_NONE ? error_set(err, ERR_INPUT, NULL, "the two are not the same") : false);
}

static bool password_take(Buffer *kept, Error *err)
{
        char line[LINE_MOST];
        const bool is_fine = password_ask(line, err);

        if (is_fine)
                password_keep(kept, line);
        explicit_bzero(line, sizeof(line));
        return is_fine;
}

/* ---- the files ---- */

/* One writer at a time; -1: err. The lock goes with the descriptor. */
static int file_lock(const char *path, Error *err)
{
        CLEANUP(mem_drop) char *lock = text_format("%s.lock", path);
        const int descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        if (descriptor < 0 || flock(descriptor, LOCK_EX) != 0)
                (void)error_set(err, ERR_FATAL, NULL, "%s: %s", lock, strerror(errno));
        return descriptor;
}

/* Its folder, too, is made when it is not there. */
static bool folder_make(const char *path, Error *err)
{
        CLEANUP(mem_drop) char *folder = file_folder(path);

        return mkdir(folder, S_IRWXU) == 0 || errno == EEXIST ||
               error_set(err, ERR_FATAL, NULL, "%s: %s", folder, strerror(errno));
}

/* A file that is not there yet is an empty one. */
static bool file_open(Roster *roster, RosterKind kind, const char *path, Error *err)
{
        *roster = (Roster){ .kind = kind };
        return (access(path, F_OK) != 0 && errno == ENOENT) || roster_load(roster, kind, path, err);
}

static bool with_file(const Job *job, RosterKind kind, bool (*change)(const Job *job, Roster *roster, Error *err),
                      Error *err)
{
        const char *path = kind == ROSTER_USERS ? job->config.serve.users : job->config.serve.api_keys;
        CLEANUP(roster_free) Roster roster = { 0 };

        if (!path)
                return error_set(err, ERR_FATAL, NULL, "%s: serve.%s is not set", job->config.path,
                                 kind == ROSTER_USERS ? "users" : "api_keys");
        if (!folder_make(path, err))
                return false;
        const int lock = file_lock(path, err);
        const bool is_done = lock >= 0 && err->kind == ERR_NONE && file_open(&roster, kind, path, err) &&
                             change(job, &roster, err) && roster_save(&roster, path, err);
        if (lock >= 0)
                close(lock);
        return is_done;
}

static bool zones_known(const Job *job, Error *err)
{
        CLEANUP(mem_drop) char *copy = text_copy(job->zones);

        for (char *rest = copy, *zone; !text_same(job->zones, "*") && (zone = strsep(&rest, ","));)
                if (!zones_find(job->config.zones, zone))
                        return error_set(err, ERR_INPUT, NULL, "zone %.64s is not in the zones file", zone);
        return true;
}

/* ---- what is done ---- */

static bool user_add(const Job *job, Roster *roster, Error *err)
{
        CLEANUP(secret_free) Buffer kept = { 0 };
        const RosterEntry *known = roster_find(roster, job->name);

        buffer_text(&kept, "");
        if (known)
                buffer_text(&kept, known->secret);
        else if (job->no_password)
                buffer_text(&kept, "-");
        else if (!password_take(&kept, err))
                return false;
        return zones_known(job, err) && roster_put(roster, job->name, job->role, job->zones, kept.bytes, err);
}

static bool unknown(const Job *job, Error *err)
{
        return error_set(err, ERR_INPUT, NULL, "%.64s: is not known", job->name);
}

static bool user_password(const Job *job, Roster *roster, Error *err)
{
        CLEANUP(secret_free) Buffer kept = { 0 };
        const RosterEntry *known = roster_find(roster, job->name);
        char zones[4096];

        if (!known)
                return unknown(job, err);
        roster_zones(known, zones, sizeof(zones));
        return password_take(&kept, err) &&
               roster_put(roster, job->name, role_name(known->role), zones, kept.bytes, err);
}

static bool entry_remove(const Job *job, Roster *roster, Error *err)
{
        return roster_remove(roster, job->name) || unknown(job, err);
}

static bool key_add(const Job *job, Roster *roster, Error *err)
{
        char token[TOKEN_SIZE], key[TOKEN_SIZE + 4], digest[SHA256_TEXT_SIZE];

        if (roster_find(roster, job->name))
                return error_set(err, ERR_INPUT, NULL, "%.64s: has a key; --remove it first", job->name);
        token_make(token);
        snprintf(key, sizeof(key), "hub_%s", token);
        if (!zones_known(job, err) ||
            !roster_put(roster, job->name, job->role, job->zones, sha256_text(key, strlen(key), digest), err))
                return false;
        printf("%s\n", key);
        return true;
}

static bool list_print(RosterKind kind, const char *path, Error *err)
{
        CLEANUP(roster_free) Roster roster = { 0 };
        char zones[4096];

        if (!path)
                return true;
        if (!file_open(&roster, kind, path, err))
                return false;
        for (size_t i = 0; i < roster.size; i++) {
                const RosterEntry *entry = &roster.entries[i];

                roster_zones(entry, zones, sizeof(zones));
                printf("%-4s %-20s %-13s %s%s\n", kind == ROSTER_USERS ? "user" : "key", entry->name,
                       role_name(entry->role), entry->sees_all ? "all" : zones,
                       text_same(entry->secret, "-") ? "  (no password: by link only)" : "");
        }
        return true;
}

static bool link_print(const Job *job, Error *err)
{
        const ServeOptions *serve = &job->config.serve;
        CLEANUP(mem_drop) char *folder = text_format("%s/serve/links", job->config.state);
        CLEANUP(roster_free) Roster roster = { 0 };
        char key[TOKEN_SIZE];

        if (!serve->users)
                return error_set(err, ERR_FATAL, NULL, "%s: serve.users is not set", job->config.path);
        if (!roster_load(&roster, ROSTER_USERS, serve->users, err))
                return false;
        if (!roster_find(&roster, job->name))
                return unknown(job, err);
        if (!link_make(folder, job->name, LINK_MS, key, err))
                return false;
        printf("%s://%s/v1/session/link?key=%s\n", serve->certificate ? "https" : "http", serve->listen, key);
        return true;
}

static bool job_do(const Job *job, Error *err)
{
        const char *verb = job->verb;

        if (text_same(verb, "list"))
                return list_print(ROSTER_USERS, job->config.serve.users, err) &&
                       list_print(ROSTER_KEYS, job->config.serve.api_keys, err);
        if (text_same(verb, "link"))
                return link_print(job, err);
        if (text_same(verb, "key"))
                return with_file(job, ROSTER_KEYS, job->remove ? entry_remove : key_add, err);
        return with_file(job, ROSTER_USERS,
                         text_same(verb, "add")        ? user_add
                         : text_same(verb, "password") ? user_password
                                                       : entry_remove,
                         err);
}

/* ---- what was typed ---- */

static bool options_take(Job *job, int argc, char **argv)
{
        static const struct option long_options[] = {
                { "config", required_argument, NULL, 'c' }, { "role", required_argument, NULL, 'r' },
                { "zones", required_argument, NULL, 'z' },  { "no-password", no_argument, NULL, 'n' },
                { "remove", no_argument, NULL, 'm' },       { 0 }
        };

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'c')
                        job->config_path = optarg;
                else if (option == 'r')
                        job->role = optarg;
                else if (option == 'z')
                        job->zones = text_same(optarg, "all") ? "*" : optarg;
                else if (option == 'n')
                        job->no_password = true;
                else if (option == 'm')
                        job->remove = true;
                else
                        return false;
        }
        return argc - optind >= 1 && argc - optind <= 2;
}

static bool verb_is_known(const Job *job)
{
        static const char *const named[] = { "add", "password", "remove", "link", "key", NULL };

        if (!job->name)
                return text_same(job->verb, "list");
        for (size_t i = 0; named[i]; i++)
                if (text_same(named[i], job->verb))
                        return true;
        return false;
}

int command_user(int argc, char **argv)
{
        Job job = { .role = "viewer", .zones = "*" };
        Error err = { 0 };
        bool is_done;

        if (argc > 1 && (text_same(argv[1], "--help") || text_same(argv[1], "help")))
                return tool_usage(usage, true);
        if (!options_take(&job, argc, argv))
                return tool_usage(usage, false);
        job.verb = argv[optind];
        job.name = argc - optind == 2 ? argv[optind + 1] : NULL;
        if (!verb_is_known(&job))
                return tool_usage(usage, false);
        is_done = config_load(&job.config, job.config_path, &err) && job_do(&job, &err);
        config_free(&job.config);
        return is_done ? EXIT_FINE : command_failed("user", &err);
}
