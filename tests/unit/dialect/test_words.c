#include "hub/dialect/words.h"

#include "tests/unit/base/run.h"

#include <stdio.h>

static const StatusWords own[] = {
        { "open|new", STATE_RECEIVED }, { "2", STATE_PROCESSING }, { "结案", STATE_VOID }, { 0 }
};

static EventState state_of(const TextTable *site, const char *word)
{
        StatusWords status = { 0 };

        return status_find(site, own, word, &status) ? status.state : STATE_NONE;
}

START_TEST(the_sites_own_words_go_first)
{
        char open[] = "open", done[] = "已办结", duplicate[] = "closed:duplicate", again[] = "processing:reopened";
        char *keys[] = { open, done }, *values[] = { duplicate, again };
        TextTable site = { keys, values, 2 }, none = { 0 };
        StatusWords status = { 0 };

        ck_assert_int_eq(state_of(&none, "OPEN"), STATE_RECEIVED);
        ck_assert_int_eq(state_of(&none, "结案"), STATE_VOID); /* the dialect's before the workflow's */
        ck_assert_int_eq(state_of(&none, "已办结"), STATE_CLOSED);
        ck_assert(status_find(&site, own, "open", &status));
        ck_assert_ptr_eq(status_words_find(own, "NEW"), own);
        ck_assert(!status_words_find(own, "已办结") && !status_words_find(own, NULL) &&
                  !status_words_find(NULL, "open"));
        ck_assert(status.state == STATE_CLOSED && status.outcome == OUTCOME_DUPLICATE && !status.reopened);
        ck_assert(status_find(&site, own, "已办结", &status));
        ck_assert(status.state == STATE_PROCESSING && status.outcome == OUTCOME_NONE && status.reopened);
}
END_TEST

START_TEST(one_table_serves_every_dialect)
{
        static const struct {
                const char *word;
                EventState state;
        } workflow[] = {
                { "待受理", STATE_RECEIVED },        { "已立案", STATE_FILED },    { "待签收", STATE_DISPATCHED },
                { "处理中", STATE_PROCESSING },      { "已处理", STATE_FEEDBACK }, { "待回访", STATE_VERIFYING },
                { "已归档", STATE_CLOSED },          { "作废", STATE_VOID },       { "挂账", STATE_SUSPENDED },
                { "已退回", STATE_REJECTED },        { "已退", STATE_NONE },       { "", STATE_NONE },
                { "　已结案\xc2\xa0", STATE_CLOSED }
        };
        TextTable none = { 0 };
        StatusWords status;

        for (size_t i = 0; i < sizeof(workflow) / sizeof(workflow[0]); i++)
                ck_assert_msg(state_of(&none, workflow[i].word) == workflow[i].state, "%s", workflow[i].word);
        ck_assert_int_eq(state_of(&none, NULL), STATE_NONE);
        ck_assert(status_find(&none, NULL, "上报即结案", &status) && status.outcome == OUTCOME_DONE);
}
END_TEST

START_TEST(gravity_is_a_word_too)
{
        static const SeverityWords words[] = { { "Minor|蓝色", SEVERITY_LOW },
                                               { "Extreme", SEVERITY_CRITICAL },
                                               { 0 } };

        ck_assert_int_eq(severity_words_find(words, "minor"), SEVERITY_LOW);
        ck_assert_int_eq(severity_words_find(words, "蓝色"), SEVERITY_LOW);
        ck_assert_int_eq(severity_words_find(words, "蓝"), SEVERITY_NONE);
        ck_assert_int_eq(severity_words_find(words, NULL), SEVERITY_NONE);
        ck_assert_int_eq(severity_words_find(NULL, "minor"), SEVERITY_NONE);
}
END_TEST

START_TEST(tables_of_a_site_are_checked)
{
        static const char *const states[] = { "finished", "closed:perfect", "closed:", "",
                                              "closed:duplicate:reopened" };
        static const char *const codes[] = { "店外经营", "", "E 0504", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456" };
        char name[] = "x", text[64], *key = name, *value = text;
        TextTable table = { &key, &value, 1 };
        Error err;

        for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
                snprintf(text, sizeof(text), "%s", states[i]);
                ck_assert_msg(!states_check("states", &table, &err) && err.kind == ERR_FATAL, "%s", value);
        }
        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
                snprintf(text, sizeof(text), "%s", codes[i]);
                ck_assert_msg(!codes_check("codes", &table, &err) && err.kind == ERR_FATAL, "%s", value);
        }
        snprintf(text, sizeof(text), "closed:done");
        ck_assert(states_check("states", &table, &err));
        snprintf(text, sizeof(text), "TYPE-7.a_1");
        ck_assert(codes_check("codes", &table, &err));
}
END_TEST

RUN("words", the_sites_own_words_go_first, one_table_serves_every_dialect, gravity_is_a_word_too,
    tables_of_a_site_are_checked)
