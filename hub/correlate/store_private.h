#pragma once

/* What the store's files share: the connection, and the rows of the running batch. */

#include "hub/base/memory.h"
#include "hub/correlate/store.h"
#include "hub/privacy/erased.h"

/* A rules version as the rows name it. */
typedef struct {
        char rules[65];
        int64_t number; /* 0: not known yet */
} RulesNamed;

struct Store {
        Db *db;
        int32_t epoch, generation;
        int64_t erasures; /* that it knows of */
        Erased *erased;
        bool replay; /* of a generation that is not live: only its own tables are written */
        DbCopy keys, records, rejected, incidents, subjects, links, outbox, status, suggestions, ends;
        RulesNamed named;
        int64_t zones; /* rows of zones written in this batch: 0 or more */
};

bool store_erasures_read(Store *store, Error *err); /* who and what was erased so far */
bool store_stage(Store *store, Error *err);         /* temporary tables of a new connection */
bool store_prepare(Store *store, Error *err);       /* statements of a new connection, after its temporary tables */
bool store_rows_write(Store *store, Error *err);    /* sends all that the batch collected */
void store_rows_clear(Store *store);
bool store_rules(Store *store, const char *rules, Error *err); /* its number, in named */
bool store_words_write(Store *store, Zone *zone, Error *err);  /* when a midnight passed */
bool store_words_load(Store *store, Zone *zone, int32_t partition, Error *err);
