#include "hub/people/session.h"

#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>

static void note(const Holder *holder, int64_t expires_in, void *context)
{
        (void)expires_in;
        snprintf(context, 64, "%s %s", holder->name, holder->by);
}

static void never(const Holder *holder, int64_t expires_in, void *context)
{
        (void)holder;
        (void)expires_in;
        (void)context;
        ck_abort();
}

START_TEST(a_session_is_found_by_its_token_alone)
{
        Sessions *sessions = sessions_new(60000, 60000);
        char token[TOKEN_SIZE], other[TOKEN_SIZE], seen[64] = "";

        sessions_begin(sessions, &(Holder){ .name = "lin", .by = "link", .stamp = "-" }, token);
        sessions_begin(sessions, &(Holder){ .name = "chen", .by = "session", .stamp = "-" }, other);
        ck_assert(token_form(token) && strcmp(token, other) != 0);
        ck_assert(sessions_find(sessions, token, note, seen));
        ck_assert_str_eq(seen, "lin link");
        other[3] = other[3] == 'a' ? 'b' : 'a';
        ck_assert(!sessions_find(sessions, other, never, NULL));
        sessions_end(sessions, token);
        ck_assert(!sessions_find(sessions, token, never, NULL));
        sessions_free(sessions);
}
END_TEST

/* Of time that is over from the start: neither use nor age lets it live. */
START_TEST(a_session_ends_when_idle_and_when_old)
{
        static const int64_t spans[][2] = { { 0, 60000 }, { 60000, 0 } };
        char token[TOKEN_SIZE];

        for (size_t i = 0; i < 2; i++) {
                Sessions *sessions = sessions_new(spans[i][0], spans[i][1]);

                sessions_begin(sessions, &(Holder){ .name = "lin", .by = "session", .stamp = "-" }, token);
                ck_assert(!sessions_find(sessions, token, never, NULL));
                ck_assert_uint_eq(sessions_size(sessions), 0);
                sessions_free(sessions);
        }
}
END_TEST

START_TEST(no_number_of_logins_takes_more_memory)
{
        Sessions *sessions = sessions_new(60000, 60000);
        char token[TOKEN_SIZE], seen[64];

        for (int i = 0; i < SESSIONS_MOST + 10; i++)
                sessions_begin(sessions, &(Holder){ .name = "lin", .by = "session", .stamp = "-" }, token);
        ck_assert_uint_eq(sessions_size(sessions), SESSIONS_MOST);
        ck_assert(sessions_find(sessions, token, note, seen)); /* the newest */
        sessions_free(sessions);
}
END_TEST

/* base32(HMAC-SHA-256("a" * 52, "hub csrf")), by Python's hmac: of a session's secret, and not the secret. */
START_TEST(the_tokens_twin_is_its_own)
{
        char token[TOKEN_SIZE], csrf[TOKEN_SIZE];

        memset(token, 'a', TOKEN_SIZE - 1);
        token[TOKEN_SIZE - 1] = '\0';
        token_csrf(token, csrf);
        ck_assert_str_eq(csrf, "35hhdy42i5ublhkdd2bphrkoxctwg74aios4gryizqiuz5pcputa");
        ck_assert(!token_form("aaaa") && !token_form("35hhdy42i5ublhkdd2bphrkoxctwg74aios4gryizqiuz5pcput="));
}
END_TEST

RUN("session", a_session_is_found_by_its_token_alone, a_session_ends_when_idle_and_when_old,
    no_number_of_logins_takes_more_memory, the_tokens_twin_is_its_own)
