#include "hub/people/people.h"

#include "hub/base/time.h"
#include "hub/people/link.h"
#include "tests/unit/base/run.h"
#include "tests/unit/people/folder.h"

#include <poll.h>

/* hashlib.scrypt(PASSWORD.encode(), salt=bytes(range(16)), n=1024, r=8, p=1, dklen=32); hashlib.sha256("hub_" + 52 * "b") */
#define PASSWORD "湖里区密码123"
#define LIN                                                                                                            \
        "lin dispatcher 350206 scrypt:1024:8:1:000102030405060708090a0b0c0d0e0f:"                                      \
        "3482cfc53a9829e6162fdd8b7901f143d298b52aa6ebb0c47de5307d66db157e\n"
#define ROBOT "robot viewer * 54ee08392652c58db8a71d3dd51d6bdfb6e84e4a9faa153d3ad1873c379477bf\n"
#define PEER  "192.0.2.7"

typedef struct {
        char folder[40];
        char *users, *keys, *links;
        People *people;
        Arena *arena;
} House;

static void house_open(House *house, int64_t tries)
{
        Error err = { 0 };

        folder_make(house->folder);
        house->users = folder_file(house->folder, "users", LIN "wall viewer * -\n");
        house->keys = folder_file(house->folder, "keys", ROBOT);
        house->links = text_format("%s/links", house->folder);
        house->arena = arena_new();
        house->people = people_open(&(PeopleSetup){ .users = house->users,
                                                    .keys = house->keys,
                                                    .links = house->links,
                                                    .idle_ms = 60000,
                                                    .most_ms = 60000,
                                                    .tries = tries,
                                                    .window_ms = 60000 },
                                    &err);
        ck_assert_msg(house->people != NULL, "%s", err.text);
}

static void house_close(House *house)
{
        people_close(house->people);
        arena_free(house->arena);
        free(house->users);
        free(house->keys);
        free(house->links);
        folder_remove(house->folder);
}

START_TEST(the_right_password_begins_a_session)
{
        House house;
        char token[TOKEN_SIZE];
        int64_t wait;

        house_open(&house, 10);
        ck_assert(!people_login(house.people, "lin", "wrong one", PEER, token, &wait) && wait == 0);
        ck_assert(!people_login(house.people, "nobody", PASSWORD, PEER, token, &wait) && wait == 0);
        ck_assert(!people_login(house.people, "wall", "-", PEER, token, &wait) && wait == 0);
        ck_assert(people_login(house.people, "lin", PASSWORD, PEER, token, &wait));
        const Person *person = people_session(house.people, token, house.arena);
        ck_assert_ptr_nonnull(person);
        ck_assert_str_eq(person->name, "user:lin");
        ck_assert_int_eq(person->role, ROLE_DISPATCHER);
        ck_assert(person_sees(person, "350206") && !person_sees(person, "350203"));
        ck_assert(person->csrf && person->expires_in > 0);
        people_leave(house.people, token);
        ck_assert_ptr_null(people_session(house.people, token, house.arena));
        house_close(&house);
}
END_TEST

/* The right one too is not looked at: else guessing could go on. */
START_TEST(who_guesses_must_wait)
{
        House house;
        char token[TOKEN_SIZE];
        int64_t wait;

        house_open(&house, 3);
        for (int i = 0; i < 3; i++)
                ck_assert(!people_login(house.people, "lin", "wrong one", PEER, token, &wait) && wait == 0);
        ck_assert(!people_login(house.people, "lin", PASSWORD, PEER, token, &wait));
        ck_assert_int_gt(wait, 0);
        for (int i = 0; i < 9; i++) { /* many names from one address */
                CLEANUP(mem_drop) char *name = text_format("name%d", i);

                people_login(house.people, name, "wrong one", PEER, token, &wait);
        }
        ck_assert(!people_login(house.people, "another", "wrong one", PEER, token, &wait) && wait > 0);
        ck_assert(!people_login(house.people, "other", "wrong one", "192.0.2.8", token, &wait) && wait == 0);
        house_close(&house);
}
END_TEST

static void until_out(const House *house, const char *token)
{
        const int64_t until = time_monotonic() + 30000;

        while (people_session(house->people, token, house->arena)) {
                ck_assert_int_lt(time_monotonic(), until);
                poll(NULL, 0, 20);
        }
}

START_TEST(another_password_ends_the_sessions_of_the_old_one)
{
        House house;
        char token[TOKEN_SIZE];
        int64_t wait;

        house_open(&house, 10);
        ck_assert(people_login(house.people, "lin", PASSWORD, PEER, token, &wait));
        CLEANUP(mem_drop) char *made = folder_file(house.folder, "users.new", "lin dispatcher 350206 -\n");
        ck_assert_int_eq(rename(made, house.users), 0);
        until_out(&house, token);
        house_close(&house);
}
END_TEST

START_TEST(a_key_is_somebody_whole_or_not_at_all)
{
        House house;
        char key[TOKEN_SIZE + 4] = "hub_";

        house_open(&house, 10);
        memset(key + 4, 'b', TOKEN_SIZE - 1);
        key[TOKEN_SIZE + 3] = '\0';
        const Person *person = people_key(house.people, key, house.arena);
        ck_assert_ptr_nonnull(person);
        ck_assert_str_eq(person->name, "key:robot");
        ck_assert(person->sees_all && person->role == ROLE_VIEWER && !person->csrf);
        key[TOKEN_SIZE + 2] = 'c';
        ck_assert_ptr_null(people_key(house.people, key, house.arena));
        ck_assert_ptr_null(people_key(house.people, "hub_", house.arena));
        ck_assert_ptr_null(people_key(house.people, key + 4, house.arena));
        house_close(&house);
}
END_TEST

START_TEST(a_link_works_once_and_not_for_long)
{
        House house;
        char key[TOKEN_SIZE], late[TOKEN_SIZE], gone[TOKEN_SIZE], token[TOKEN_SIZE];
        int64_t wait;
        Error err = { 0 };

        house_open(&house, 10);
        ck_assert_msg(link_make(house.links, "wall", LINK_MS, key, &err), "%s", err.text);
        ck_assert(link_make(house.links, "wall", -1, late, &err));
        ck_assert(link_make(house.links, "gone", LINK_MS, gone, &err));
        ck_assert(people_link(house.people, key, PEER, token, &wait));
        const Person *person = people_session(house.people, token, house.arena);
        ck_assert_ptr_nonnull(person);
        ck_assert_str_eq(person->name, "user:wall");
        ck_assert_str_eq(person->by, "link");
        ck_assert(!people_link(house.people, key, PEER, token, &wait));
        ck_assert(!people_link(house.people, late, PEER, token, &wait));
        ck_assert(!people_link(house.people, gone, PEER, token, &wait)); /* no such user */
        ck_assert(!people_link(house.people, "../users", PEER, token, &wait));
        house_close(&house);
}
END_TEST

RUN("people", the_right_password_begins_a_session, who_guesses_must_wait,
    another_password_ends_the_sessions_of_the_old_one, a_key_is_somebody_whole_or_not_at_all,
    a_link_works_once_and_not_for_long)
