#include "hub/learn/learn_rows.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/learn/learn_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
        SEEN_MOST = 16,
        PART_UNITS = 200000,
        ROUND_UNITS = PART_UNITS / 2,
        ROUND_MS = 3600000,
        SPARSE = 16 /* rows of the unlikely, of which one stands for all */
};
static const double HOPELESS = 0.05, ROUND_ALIKE = 0.05;

/* The last members of a true incident, wherever they were put. */
typedef struct {
        GeoPoint points[SEEN_MOST];
        size_t size; /* of all with a position; the newest SEEN_MOST are kept */
        int64_t members, last;
} Seen;

typedef struct {
        const Lesson *lesson;
        LearnRows *rows;
        Map *seen;       /* truth -> Seen * */
        Map *categories; /* code -> index + 1 */
        size_t passed;   /* unlikely rows that nobody labelled */
        Map *rounds;     /* square and hour -> how many newcomers */
        int64_t **round; /* of each newcomer, into rounds */
        size_t round_room;
} Collecting;

/* Room for one more of a list. */
static void *grown(void *list, size_t size, size_t *room, size_t each)
{
        if (size < *room)
                return list;
        *room = *room ? *room * 2 : 256;
        return mem_resize(list, *room * each);
}

static uint32_t category_number(Collecting *collecting, const char *code)
{
        LearnRows *rows = collecting->rows;
        const uintptr_t known = (uintptr_t)map_get_text(collecting->categories, code);

        if (known)
                return (uint32_t)(known - 1);
        rows->categories =
                grown(rows->categories, rows->categories_size, &rows->categories_room, sizeof *rows->categories);
        rows->own = grown(rows->own, rows->categories_size, &rows->own_room, sizeof *rows->own);
        memcpy(rows->own[rows->categories_size], rules_category(collecting->lesson->rules, code)->own,
               sizeof *rows->own);
        rows->categories[rows->categories_size++] = text_copy(code);
        map_put_text(collecting->categories, code, (void *)rows->categories_size);
        return (uint32_t)(rows->categories_size - 1);
}

/* Squares of two kilometres in turn; without a position, by the name of the incident. */
static void part_note(LearnRows *rows, const Member *newcomer, const char *truth)
{
        const int64_t square[2] = { newcomer->point.lon / PART_UNITS, newcomer->point.lat / PART_UNITS };
        const uint64_t hash = geo_known(newcomer->point) ? hash64(square, sizeof square) : hash64(truth, strlen(truth));

        if (!map_get_text(rows->parts, truth))
                map_put_text(rows->parts, truth, (void *)(uintptr_t)(1 + (hash ^ hash >> 32) % LEARN_PARTS));
}

/* Squares of a kilometre in turn, hour by hour; without a position, each by itself. */
static void round_note(Collecting *collecting, const Member *newcomer)
{
        const int64_t number = collecting->rows->newcomers;
        const bool placed = geo_known(newcomer->point);
        const int64_t key[3] = { placed ? newcomer->point.lon / ROUND_UNITS : number,
                                 placed ? newcomer->point.lat / ROUND_UNITS : INT64_MIN,
                                 placed ? newcomer->occurred / ROUND_MS : 0 };
        int64_t *size = map_get(collecting->rounds, key, sizeof key);

        if (!size) {
                size = mem_new(sizeof *size);
                map_put(collecting->rounds, key, sizeof key, size);
        }
        ++*size;
        collecting->round =
                grown(collecting->round, (size_t)number, &collecting->round_room, sizeof *collecting->round);
        collecting->round[number] = size;
}

/*
 * What one person files on one walk, or a street in one storm, is alike: n of them say as much as n / (1 + ROUND_ALIKE (n - 1))
 * that know nothing of each other (Kish's design effect).
 */
static void rounds_weigh(Collecting *collecting)
{
        LearnRows *rows = collecting->rows;

        rows->witness = mem_new(((size_t)rows->newcomers + 1) * sizeof *rows->witness);
        for (int64_t i = 0; i < rows->newcomers; i++)
                rows->witness[i] = 1 / (1 + ROUND_ALIKE * (double)(*collecting->round[i] - 1));
        for (size_t i = 0; i < rows->rows_size; i++)
                if (rows->rows[i].known)
                        rows->rows[i].weight *= rows->witness[rows->rows[i].number];
}

double learn_witness(const LearnRows *rows, uint32_t number)
{
        return number < rows->newcomers ? rows->witness[number] : 1;
}

uint32_t learn_part(const Map *parts, const char *truth)
{
        return (uint32_t)(uintptr_t)map_get_text(parts, truth) - 1;
}

bool learn_fold_holds(const LearnFold *fold, uint32_t number, uint32_t part)
{
        return fold->by_place ? part == fold->part : number >= fold->from && number < fold->to;
}

static void accuracy_add(LearnRows *rows, int64_t accuracy)
{
        if (accuracy == VALUE_ABSENT)
                return;
        rows->accuracies =
                grown(rows->accuracies, rows->accuracies_size, &rows->accuracies_room, sizeof *rows->accuracies);
        rows->accuracies[rows->accuracies_size++] = accuracy;
}

static double likely(const Comparison *each, size_t size)
{
        double sum = 0;

        for (size_t i = 0; i < size; i++)
                sum += each[i].total / 1000.0 / (double)size;
        return 1 / (1 + exp(-sum));
}

static RowMember row_member(const RuleSet *rules, const Comparison *comparison)
{
        RowMember member;

        memcpy(member.bins, comparison->bins, sizeof member.bins);
        for (size_t i = 0; i < CATEGORY_POINTS; i++) {
                const Feature feature = category_feature(i);

                member.times[i] = (uint8_t)category_times(i, &rules->tables[feature], comparison->bins[feature]);
        }
        return member;
}

/* truth: of the newcomer; other: of the incident, NULL: nobody said. */
static void row_add(Collecting *collecting, const Scene *scene, const Member *newcomer, const char *truth,
                    const Incident *incident, const char *other)
{
        LearnRows *rows = collecting->rows;
        const RuleSet *rules = rules_set(collecting->lesson->rules);
        const Member *members[INCIDENT_LINKED_MOST];
        Comparison each[INCIDENT_LINKED_MOST];
        const size_t size = score_members(rules, scene, newcomer, incident, members, each);

        const double chance = likely(each, size);
        const bool sparse = !other && chance < HOPELESS;

        if (sparse && collecting->passed++ % SPARSE != 0)
                return;
        rows->rows = grown(rows->rows, rows->rows_size, &rows->rows_room, sizeof *rows->rows);
        rows->rows[rows->rows_size++] = (LearnRow){ .number = (uint32_t)rows->newcomers,
                                                    .category = category_number(collecting, newcomer->category),
                                                    .first = (uint32_t)rows->members_size,
                                                    .size = (uint32_t)size,
                                                    .part = learn_part(rows->parts, truth),
                                                    .known = other != NULL,
                                                    .weight = sparse ? SPARSE : 1,
                                                    .likely = chance,
                                                    .same = other && text_same(truth, other),
                                                    .placed = geo_known(newcomer->point) };
        for (size_t i = 0; i < size; i++) {
                rows->members = grown(rows->members, rows->members_size, &rows->members_room, sizeof *rows->members);
                rows->members[rows->members_size++] = row_member(rules, &each[i]);
                if (other)
                        accuracy_add(rows, each[i].values[FEATURE_ACCURACY]);
        }
}

/* How far and how long after the earlier ones of its incident a newcomer comes. */
static void gaps_note(Collecting *collecting, const Member *newcomer, const char *truth)
{
        LearnRows *rows = collecting->rows;
        Seen *seen = map_get_text(collecting->seen, truth);
        int64_t nearest = INT64_MAX;

        if (!seen) {
                seen = mem_new(sizeof *seen);
                seen->last = TIME_NONE;
                map_put_text(collecting->seen, truth, seen);
        }
        for (size_t i = 0; i < SEEN_MOST && i < seen->size && geo_known(newcomer->point); i++) {
                const int64_t distance = geo_distance_cm(newcomer->point, seen->points[i]) / 100;

                nearest = distance < nearest ? distance : nearest;
        }
        if (nearest < INT64_MAX) {
                rows->metres = grown(rows->metres, rows->metres_size, &rows->metres_room, sizeof *rows->metres);
                rows->metres[rows->metres_size++] = nearest;
        }
        if (seen->last != TIME_NONE) {
                rows->minutes = grown(rows->minutes, rows->minutes_size, &rows->minutes_room, sizeof *rows->minutes);
                rows->minutes[rows->minutes_size++] = (newcomer->occurred - seen->last) / 60000;
        }
        rows->largest = ++seen->members > rows->largest ? seen->members : rows->largest;
        if (geo_known(newcomer->point))
                seen->points[seen->size++ % SEEN_MOST] = newcomer->point;
        seen->last = newcomer->occurred > seen->last ? newcomer->occurred : seen->last;
}

static Incident *choose(void *context, const Member *newcomer, Incident *const *near, size_t near_size)
{
        Collecting *collecting = context;
        const Map *truths = collecting->lesson->truth;
        const char *truth = map_get_text(truths, newcomer->subject);
        CLEANUP(candidates_free) Candidates found = { 0 };
        Incident *join = NULL;

        if (!truth)
                return NULL;
        decide_candidates(rules_set(collecting->lesson->rules), newcomer, near, near_size, NULL, NULL, &found);
        gaps_note(collecting, newcomer, truth);
        part_note(collecting->rows, newcomer, truth);
        round_note(collecting, newcomer);
        for (size_t i = 0; i < found.size; i++) {
                Incident *incident = found.items[i].incident;
                const char *other = map_get_text(truths, incident->founding->subject);
                const bool same = other && text_same(truth, other);

                row_add(collecting, &found.scene, newcomer, truth, incident, other);
                if (same && (!join || strcmp(incident->id, join->id) < 0))
                        join = incident;
        }
        collecting->rows->newcomers++;
        return join;
}

bool learn_rows(const Lesson *lesson, LearnRows *rows, Error *err)
{
        Collecting collecting = { .lesson = lesson, .rows = rows };
        CLEANUP(map_drop) Map *categories = map_new();

        *rows = (LearnRows){ 0 };
        collecting.categories = categories;
        collecting.seen = map_new();
        collecting.rounds = map_new();
        rows->parts = map_new();
        const bool fine = learn_run(lesson, (ZoneTeacher){ choose, &collecting }, NULL, 0, err);
        rounds_weigh(&collecting);
        map_free(collecting.seen, free);
        map_free(collecting.rounds, free);
        free(collecting.round);
        return fine;
}

void learn_rows_free(LearnRows *rows)
{
        for (size_t i = 0; i < rows->categories_size; i++)
                free(rows->categories[i]);
        free(rows->categories);
        free(rows->own);
        map_free(rows->parts, NULL);
        free(rows->rows);
        free(rows->members);
        free(rows->metres);
        free(rows->minutes);
        free(rows->accuracies);
        free(rows->witness);
        *rows = (LearnRows){ 0 };
}
