#pragma once

/* What the store's files share: the connections, and the rows of two batches. */

#include "hub/base/memory.h"
#include "hub/correlate/store.h"
#include "hub/privacy/erased.h"

/* A rules version as the rows name it. */
typedef struct {
        char rules[65];
        int64_t number; /* 0: not known yet */
} RulesNamed;

/* A statement of a batch beside its rows. */
typedef struct {
        const char *sql; /* static */
        const char **values;
        size_t size;
} Statement;

/* What a batch writes, as bytes: nothing in here is of a zone or of a message. */
typedef struct {
        StoreBatch move;
        Map *let_in;  /* "zone NUL id" of keys */
        Arena *arena; /* of the statements */
        Statement *later;
        size_t later_size, later_room;
        DbCopy keys, records, rejected, incidents, subjects, links, outbox, status, suggestions, ends;
} StoreRows;

struct Store {
        Db *db;
        Db *reads; /* for what a decision asks while db writes; of a replay it is db */
        int32_t epoch, generation;
        int64_t erasures; /* that it knows of */
        Erased *erased;
        bool replay;     /* of a generation that is not live: only its own tables are written */
        StoreRows *rows; /* of the batch that is decided */
        StoreRows *sent; /* of the one before it, that is written or was */
        RulesNamed named;
};

bool store_erasures_read(Store *store, Error *err); /* who and what was erased so far */
bool store_stage(Store *store, Error *err);         /* temporary tables of a new connection */
bool store_prepare(Store *store, Error *err);       /* statements of a new connection, after its temporary tables */
StoreRows *store_rows_new(void);
void store_rows_clear(StoreRows *rows);
void store_rows_free(StoreRows *rows);
bool store_rows_write(Db *db, StoreRows *rows, Error *err); /* sends all that the batch collected */
void store_words_write(Store *store, Zone *zone);           /* when a midnight passed */

/* What was wrong with a question: a generation that is not live any more may be gone. Returns err. */
Error *store_reads_judge(Store *store, Error *err);

/* The statement is run when the batch is written, before its rows, in the order in which it was said. Values are copied. */
void store_later(Store *store, const char *sql, const char *const *values, size_t size);
bool store_words_load(Store *store, Zone *zone, int32_t partition, Error *err);
