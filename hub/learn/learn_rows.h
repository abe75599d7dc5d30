#pragma once

/*
 * What there is to learn from: each labelled newcomer against each incident near by, with the truth as the chooser. What nobody
 * labelled is a row too, as likely the same as the rules say that learning starts from: few labels of what is alike must not
 * make all alike that nobody spoke of.
 */

#include "hub/learn/learn.h"

/* Against one member. */
typedef struct {
        uint8_t bins[FEATURES];
        uint8_t times[CATEGORY_POINTS]; /* that the category's own points count */
} RowMember;

/* A newcomer against an incident. */
typedef struct {
        uint32_t number;      /* of the newcomer among the labelled ones, in log order */
        uint32_t category;    /* of the newcomer, index into categories */
        uint32_t part;        /* of the ground, where its true incident began */
        uint32_t first, size; /* of its members */
        bool known;           /* the incident is a labelled one: the truth says whether it is the same */
        double weight;        /* how many such rows it stands for, or what part of a witness it is */
        double likely;        /* else: how likely that is under the rules that learning starts from */
        bool same, placed;
} LearnRow;

/* Some of the newcomers: those of a time, or of a part of the ground. */
typedef struct {
        bool by_place;
        uint32_t from, to; /* numbers of newcomers */
        uint32_t part;
} LearnFold;

enum { LEARN_PARTS = 2 };

typedef struct {
        LearnRow *rows;
        RowMember *members;
        size_t rows_size, rows_room, members_size, members_room;
        char **categories;
        int32_t (*own)[CATEGORY_POINTS]; /* what the rules say of each of them to begin with */
        size_t categories_size, categories_room, own_room;
        int64_t *metres, *minutes; /* of true pairs: to the nearest earlier member, since the last one */
        int64_t *accuracies;       /* of the two together, where both have a position; centimetres */
        size_t metres_size, metres_room, minutes_size, minutes_room, accuracies_size, accuracies_room;
        Map *parts;        /* true incident -> its part of the ground + 1 */
        int64_t newcomers; /* labelled ones */
        double *witness;   /* of each of them: what part of one it is */
        int64_t largest;   /* true incident */
} LearnRows;

bool learn_rows(const Lesson *lesson, LearnRows *rows, Error *err);
uint32_t learn_part(const Map *parts, const char *truth);
double learn_witness(const LearnRows *rows, uint32_t number); /* of a newcomer: what part of a witness it is */
bool learn_fold_holds(const LearnFold *fold, uint32_t number, uint32_t part);
void learn_rows_free(LearnRows *rows);
