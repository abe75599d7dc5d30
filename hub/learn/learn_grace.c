#include "hub/learn/learn_grace.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LATE_LEAST = 8, LATE_SHARE = 5 /* one in so many at least */ };
#define GRACE_MOST (14 * INT64_C(86400000))

/* A true incident in the log. */
typedef struct {
        int64_t shut; /* its first real closing; TIME_NONE */
        bool begun;
} Course;

/* Of a category: those that were not the first of their incident. */
typedef struct {
        int64_t followers;
        int64_t *late; /* after a closing, by so long; owned */
        size_t size, room;
} Lateness;

typedef struct {
        const Lesson *lesson;
        Map *courses, *categories, *seen; /* truth -> Course *; code -> Lateness *; subject -> itself */
} Grace;

static void *entry(Map *map, const char *key, size_t size)
{
        void *found = map_get_text(map, key);

        if (found)
                return found;
        found = mem_new(size);
        map_put_text(map, key, found);
        return found;
}

static void follower_take(Lateness *lateness, int64_t after)
{
        lateness->followers++;
        if (after < 0)
                return;
        if (lateness->size == lateness->room) {
                lateness->room = lateness->room ? lateness->room * 2 : 16;
                lateness->late = mem_resize(lateness->late, lateness->room * sizeof *lateness->late);
        }
        lateness->late[lateness->size++] = after;
}

static void report_take(Grace *grace, const Event *event)
{
        const char *truth = map_get_text(grace->lesson->truth, event->subject);
        const bool settled = event->status.state == STATE_CLOSED &&
                             (event->status.outcome == OUTCOME_DONE || event->status.outcome == OUTCOME_NONE);
        Course *course;

        if (!truth)
                return;
        course = entry(grace->courses, truth, sizeof *course);
        if (!course->begun)
                course->shut = TIME_NONE;
        if (course->begun && !map_get_text(grace->seen, event->subject))
                follower_take(entry(grace->categories, event->category.code, sizeof(Lateness)),
                              course->shut == TIME_NONE ? -1 : event->time.received - course->shut);
        course->begun = true;
        map_put_text(grace->seen, event->subject, grace);
        if (settled && course->shut == TIME_NONE)
                course->shut = event->time.received;
}

static int by_time(const void *one, const void *other)
{
        const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

        return (a > b) - (a < b);
}

static bool category_learn(const void *key, size_t size, void *value, void *context)
{
        Lateness *lateness = value;
        CLEANUP(buffer_free) Buffer code = { 0 };

        if (lateness->size < LATE_LEAST || (int64_t)lateness->size * LATE_SHARE < lateness->followers)
                return true;
        buffer_add(&code, key, size);
        buffer_text(&code, "");
        qsort(lateness->late, lateness->size, sizeof *lateness->late, by_time);
        const int64_t usual = lateness->late[(lateness->size - 1) * 3 / 4];
        CategoryRules *rule = rules_edit_category(context, code.bytes);
        const int64_t grace = usual < GRACE_MOST ? usual : GRACE_MOST;
        rule->grace_ms = grace > rule->grace_ms ? grace : rule->grace_ms;
        return true;
}

static void lateness_free(void *value)
{
        free(((Lateness *)value)->late);
        free(value);
}

bool learn_grace(const Lesson *lesson, Rules *rules, Error *err)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        Grace grace = { .lesson = lesson };
        bool fine = true;

        grace.courses = map_new();
        grace.categories = map_new();
        grace.seen = map_new();
        for (size_t i = 0; fine && i < lesson->size; i++) {
                EventValue value;

                fine = event_read(reader, lesson->lines[i], strlen(lesson->lines[i]), &value, err) ||
                       error_add(err, "line %zu", i + 1);
                if (fine && value.kind == KIND_REPORT)
                        report_take(&grace, &value.event);
        }
        if (fine)
                map_each(grace.categories, category_learn, rules);
        map_free(grace.courses, free);
        map_free(grace.categories, lateness_free);
        map_free(grace.seen, NULL);
        return fine;
}
