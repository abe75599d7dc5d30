#pragma once

/*
 * Who is let in, and as whom: users with passwords or links, machines with keys, people whom an issuer of OpenID Connect vouches for.
 * The files are looked at again each second, so that what `hub user` writes holds at once: who was removed is out, another role is
 * another role, another password ends the sessions that the old one began. A file that is broken or gone meanwhile is said once a
 * minute, and what it said last holds. From any thread; people_login() takes its time, all else is quick.
 */

#include "hub/base/error.h"
#include "hub/base/memory.h"
#include "hub/people/person.h"
#include "hub/people/session.h"

typedef struct {
        const char *users, *keys; /* paths; NULL: none */
        const char *links;        /* folder */
        int64_t idle_ms, most_ms; /* of sessions */
        int64_t tries, window_ms; /* logins that fail, of one user; of one peer four times as many */
        int64_t requests;         /* a second, of one person; 0: no limit */
        Role anybody;             /* what who says nothing of himself may; ROLE_NOBODY: nothing */
} PeopleSetup;

typedef struct People People;

People *people_open(const PeopleSetup *setup, Error *err);
void people_close(People *people); /* also NULL */

/* The token of a new session in `token`. `wait`: ms that must pass first, with `false`; 0: it was wrong. */
bool people_login(People *people, const char *user, const char *password, const char *peer, char token[TOKEN_SIZE],
                  int64_t *wait);
bool people_link(People *people, const char *key, const char *peer, char token[TOKEN_SIZE], int64_t *wait);
/* Somebody whom an issuer vouches for. zones "*": all. */
void people_admit(People *people, const char *name, Role role, const char *zones, char token[TOKEN_SIZE]);
void people_leave(People *people, const char *token);

/* NULL: nobody. In the arena. */
const Person *people_session(People *people, const char *token, Arena *arena);
const Person *people_key(People *people, const char *key, Arena *arena);
bool people_key_form(const char *key); /* "hub_..." */
const Person *people_anybody(const People *people);

/* Who stands in the file of users, or in that of keys, in its order; ends with NULL. In the arena. */
const Person **people_list(People *people, bool of_keys, Arena *arena);

int64_t people_rate(People *people, const char *name); /* 0: may ask; else so many ms must pass */
