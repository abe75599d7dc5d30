#include "hub/people/people.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/people/limit.h"
#include "hub/people/link.h"
#include "hub/people/password.h"
#include "hub/people/roster.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOK_MS = 1000, PEER_FACTOR = 4, SECOND_MS = 1000, ZONES_SIZE = 4096 };

static const char key_start[] = "hub_";

/* A file that is read again when it is another one. */
typedef struct {
        char *path; /* NULL: none */
        Roster roster;
        struct stat seen;
} Watched;

struct People {
        pthread_mutex_t lock; /* of the files */
        Watched users, keys;
        int64_t looked;
        char *links;
        Sessions *sessions;
        Limit *by_user, *by_peer, *requests;
        Person anybody;
};

/* ---- the files ---- */

static bool is_same_file(const struct stat *one, const struct stat *other)
{
        return one->st_ino == other->st_ino && one->st_size == other->st_size &&
               one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

/* A file that was never there holds nobody; one that goes away is trouble. */
static bool watched_look(Watched *watched, Error *err)
{
        struct stat now = { 0 };
        Roster fresh;

        if (!watched->path || (stat(watched->path, &now) == 0 && is_same_file(&now, &watched->seen)))
                return true;
        if (!now.st_ino && !watched->seen.st_ino)
                return true;
        if (!roster_load(&fresh, watched->roster.kind, watched->path, err))
                return false;
        roster_free(&watched->roster);
        watched->roster = fresh;
        watched->seen = now;
        return true;
}

static void watched_say(Watched *watched)
{
        Error err = { 0 };

        if (!watched_look(watched, &err))
                log_limited(LOG_ERROR, "what the file said before holds",
                            (const LogKey[]){ LOG_TEXT("error", err.text), { 0 } });
}

/* The lock is held. */
static void files_look(People *people)
{
        if (time_monotonic() - people->looked < LOOK_MS)
                return;
        people->looked = time_monotonic();
        watched_say(&people->users);
        watched_say(&people->keys);
}

/* ---- open and close ---- */

People *people_open(const PeopleSetup *setup, Error *err)
{
        People *people = mem_new(sizeof(People));

        pthread_mutex_init(&people->lock, NULL);
        people->users = (Watched){ .path = text_copy(setup->users), .roster.kind = ROSTER_USERS };
        people->keys = (Watched){ .path = text_copy(setup->keys), .roster.kind = ROSTER_KEYS };
        people->looked = time_monotonic();
        people->links = text_copy(setup->links);
        people->sessions = sessions_new(setup->idle_ms, setup->most_ms);
        people->by_user = limit_new(setup->tries, setup->window_ms);
        people->by_peer = limit_new(PEER_FACTOR * setup->tries, setup->window_ms);
        people->requests = limit_new(setup->requests, SECOND_MS);
        people->anybody = (Person){ .name = "user:anybody", .role = setup->anybody, .sees_all = true, .by = "anybody" };
        if (watched_look(&people->users, err) && watched_look(&people->keys, err))
                return people;
        people_close(people);
        return NULL;
}

void people_close(People *people)
{
        if (!people)
                return;
        roster_free(&people->users.roster);
        roster_free(&people->keys.roster);
        free(people->users.path);
        free(people->keys.path);
        free(people->links);
        sessions_free(people->sessions);
        limit_free(people->by_user);
        limit_free(people->by_peer);
        limit_free(people->requests);
        pthread_mutex_destroy(&people->lock);
        free(people);
}

/* ---- logging in ---- */

/* The secret that he logs in with, as it is kept: owned. NULL: there is no such user. */
static char *secret_of(People *people, const char *user)
{
        const RosterEntry *entry;
        char *secret;

        pthread_mutex_lock(&people->lock);
        files_look(people);
        entry = roster_find(&people->users.roster, user);
        secret = text_copy(entry ? entry->secret : NULL);
        pthread_mutex_unlock(&people->lock);
        return secret;
}

static int64_t longer(int64_t one, int64_t other)
{
        return one > other ? one : other;
}

/* Counted before it is tried: many at once find no gap. */
bool people_login(People *people, const char *user, const char *password, const char *peer, char token[TOKEN_SIZE],
                  int64_t *wait)
{
        CLEANUP(mem_drop) char *secret = NULL;

        *wait = longer(limit_take(people->by_user, user), limit_take(people->by_peer, peer));
        if (*wait)
                return false;
        secret = secret_of(people, user);
        if (!password_is(secret, password))
                return false;
        limit_clear(people->by_user, user);
        limit_return(people->by_peer, peer);
        sessions_begin(people->sessions, &(Holder){ .name = user, .by = "session", .stamp = secret }, token);
        return true;
}

bool people_link(People *people, const char *key, const char *peer, char token[TOKEN_SIZE], int64_t *wait)
{
        CLEANUP(mem_drop) char *secret = NULL;
        char name[LINK_NAME_SIZE];

        *wait = limit_take(people->by_peer, peer);
        if (*wait || !link_use(people->links, key, name))
                return false;
        secret = secret_of(people, name);
        if (!secret)
                return false;
        limit_return(people->by_peer, peer);
        sessions_begin(people->sessions, &(Holder){ .name = name, .by = "link", .stamp = secret }, token);
        return true;
}

void people_admit(People *people, const char *name, Role role, const char *zones, char token[TOKEN_SIZE])
{
        sessions_begin(people->sessions,
                       &(Holder){ .name = name, .by = "oidc", .stamp = "", .role = role_name(role), .zones = zones },
                       token);
}

void people_leave(People *people, const char *token)
{
        sessions_end(people->sessions, token);
}

/* ---- who asks ---- */

static const char *const *zones_copy(const RosterEntry *entry, Arena *arena)
{
        size_t size = 0;
        const char **zones;

        while (entry->zones[size])
                size++;
        zones = arena_take(arena, (size + 1) * sizeof(char *));
        for (size_t i = 0; i < size; i++)
                zones[i] = arena_copy(arena, entry->zones[i], strlen(entry->zones[i]));
        return zones;
}

static Person *person_of_entry(const RosterEntry *entry, const char *kind, const char *by, Arena *arena)
{
        Person *person = arena_take(arena, sizeof(Person));

        *person = (Person){ .name = arena_format(arena, "%s:%s", kind, entry->name),
                            .role = entry->role,
                            .sees_all = entry->sees_all,
                            .zones = zones_copy(entry, arena),
                            .by = by };
        return person;
}

typedef struct {
        People *people;
        Arena *arena;
        Person *person;
} Asking;

/* What the issuer said when he logged in. */
static Person *vouched(const Holder *holder, Arena *arena)
{
        CLEANUP(roster_free) Roster alone = { .kind = ROSTER_USERS };
        Error err = { 0 };

        if (!roster_put(&alone, "x", holder->role, holder->zones, "-", &err))
                return NULL;
        Person *person = person_of_entry(&alone.entries[0], "oidc", "session", arena);
        person->name = arena_format(arena, "oidc:%s", holder->name);
        return person;
}

/* What the file says of him now; nothing when he logged in with another password. */
static Person *listed(People *people, const Holder *holder, Arena *arena)
{
        Person *person = NULL;

        pthread_mutex_lock(&people->lock);
        files_look(people);
        const RosterEntry *entry = roster_find(&people->users.roster, holder->name);
        if (entry && text_same(entry->secret, holder->stamp))
                person = person_of_entry(entry, "user", text_same(holder->by, "link") ? "link" : "session", arena);
        pthread_mutex_unlock(&people->lock);
        return person;
}

static void session_found(const Holder *holder, int64_t expires_in, void *context)
{
        Asking *asking = context;

        asking->person = holder->role ? vouched(holder, asking->arena) : listed(asking->people, holder, asking->arena);
        if (asking->person)
                asking->person->expires_in = expires_in;
}

const Person *people_session(People *people, const char *token, Arena *arena)
{
        Asking asking = { people, arena, NULL };
        char csrf[TOKEN_SIZE];

        if (!token_form(token) || !sessions_find(people->sessions, token, session_found, &asking))
                return NULL;
        if (!asking.person) {
                sessions_end(people->sessions, token);
                return NULL;
        }
        token_csrf(token, csrf);
        asking.person->csrf = arena_copy(arena, csrf, strlen(csrf));
        return asking.person;
}

bool people_key_form(const char *key)
{
        return text_starts(key, key_start) && token_form(key + strlen(key_start));
}

/* All are looked at, whichever it is. */
const Person *people_key(People *people, const char *key, Arena *arena)
{
        const RosterEntry *found = NULL;
        const Person *person = NULL;
        char digest[SHA256_TEXT_SIZE];

        if (!people_key_form(key))
                return NULL;
        sha256_text(key, strlen(key), digest);
        pthread_mutex_lock(&people->lock);
        files_look(people);
        for (size_t i = 0; i < people->keys.roster.size; i++)
                if (bytes_equal(people->keys.roster.entries[i].secret, digest, SHA256_TEXT_SIZE))
                        found = &people->keys.roster.entries[i];
        if (found)
                person = person_of_entry(found, "key", "key", arena);
        pthread_mutex_unlock(&people->lock);
        return person;
}

const Person **people_list(People *people, bool of_keys, Arena *arena)
{
        const Watched *watched = of_keys ? &people->keys : &people->users;
        const char *kind = of_keys ? "key" : "user";
        const Person **list;

        pthread_mutex_lock(&people->lock);
        files_look(people);
        list = arena_take(arena, (watched->roster.size + 1) * sizeof(Person *));
        for (size_t i = 0; i < watched->roster.size; i++)
                list[i] = person_of_entry(&watched->roster.entries[i], kind, kind, arena);
        list[watched->roster.size] = NULL;
        pthread_mutex_unlock(&people->lock);
        return list;
}

const Person *people_anybody(const People *people)
{
        return people->anybody.role == ROLE_NOBODY ? NULL : &people->anybody;
}

int64_t people_rate(People *people, const char *name)
{
        if (people->anybody.role != ROLE_NOBODY && text_same(name, people->anybody.name))
                return 0;
        return limit_take(people->requests, name);
}
