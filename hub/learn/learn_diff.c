#include "hub/learn/learn_diff.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where a report stands: in the one and in the other. */
typedef struct {
        const char *one, *other;
} Stand;

static int by_stand(const void *left, const void *right)
{
        const Stand *a = left, *b = right;
        const int order = strcmp(a->one, b->one);

        return order ? order : strcmp(a->other, b->other);
}

static size_t others_count(const Stand *stands, size_t size)
{
        size_t count = 1;

        for (size_t i = 1; i < size; i++)
                count += !text_same(stands[i].other, stands[i - 1].other);
        return count;
}

static void line_write(Buffer *out, const char *change, const Stand *stands, size_t size)
{
        buffer_format(out, "%s %s:", change, stands->one);
        for (size_t i = 0; i < size; i++)
                if (i == 0 || !text_same(stands[i].other, stands[i - 1].other))
                        buffer_format(out, " %s", stands[i].other);
        buffer_byte(out, '\n');
}

/* The ones that stand in several others; how many ones there are. */
static int64_t changes_write(Stand *stands, size_t size, const char *change, size_t *lines, Buffer *out, int64_t *ones)
{
        int64_t changed = 0;

        qsort(stands, size, sizeof *stands, by_stand);
        *ones = 0;
        for (size_t from = 0, to; from < size; from = to) {
                for (to = from + 1; to < size && text_same(stands[to].one, stands[from].one);)
                        to++;
                ++*ones;
                if (others_count(stands + from, to - from) == 1)
                        continue;
                changed++;
                if (*lines == 0)
                        continue;
                line_write(out, change, stands + from, to - from);
                --*lines;
        }
        return changed;
}

static Counts pairs_count(const LabelledList *list, int64_t since)
{
        CLEANUP(mem_drop) Measured *rows = mem_new((list->size + 1) * sizeof *rows);
        size_t count = 0;

        for (size_t i = 0; i < list->size; i++)
                if (list->items[i].truth && list->items[i].at >= since)
                        rows[count++] =
                                (Measured){ .truth = list->items[i].truth, .incident = list->items[i].incident };
        return measure_pairs(rows, count, NULL);
}

LearnDiff learn_diff(const LabelledList *before, const LabelledList *after, int64_t since, size_t lines, Buffer *out)
{
        CLEANUP(mem_drop) Stand *joins = mem_new((before->size + 1) * sizeof *joins);
        CLEANUP(mem_drop) Stand *parts = mem_new((before->size + 1) * sizeof *parts);
        LearnDiff diff = { 0 };
        size_t size = 0;

        for (size_t i = 0; i < before->size && i < after->size; i++) {
                if (before->items[i].at < since)
                        continue;
                joins[size] = (Stand){ after->items[i].incident, before->items[i].incident };
                parts[size++] = (Stand){ before->items[i].incident, after->items[i].incident };
        }
        diff.reports = (int64_t)size;
        diff.joining = changes_write(joins, size, "join", &lines, out, &diff.after);
        diff.parting = changes_write(parts, size, "part", &lines, out, &diff.before);
        diff.was = pairs_count(before, since);
        diff.is = pairs_count(after, since);
        return diff;
}

static void counts_tell(Buffer *out, const char *name, const Counts *counts)
{
        buffer_format(out, "  %s: precision %.1f, recall %.1f, F1 %.1f\n", name, 100 * counts_precision(counts),
                      100 * counts_recall(counts), 100 * counts_f1(counts));
}

static void diff_tell(const LearnDiff *diff, int64_t days, const Buffer *list, Buffer *out)
{
        buffer_format(out,
                      "The last %" PRId64 " days decided anew: %" PRId64 " reports; %" PRId64
                      " incidents before, %" PRId64 " after: %" PRId64 " would join, %" PRId64 " would part.\n",
                      days, diff->reports, diff->before, diff->after, diff->joining, diff->parting);
        if (diff->was.truth > 0) {
                buffer_format(out,
                              "Of them %" PRId64 " pairs that operators put together (learnt from, all of them):\n",
                              diff->was.truth);
                counts_tell(out, "before", &diff->was);
                counts_tell(out, "after", &diff->is);
        }
        buffer_add(out, list->bytes, list->size);
        buffer_text(out, "");
}

bool learn_diff_tell(const Lesson *lesson, int64_t span_ms, size_t lines, Buffer *out, Error *err)
{
        const Lesson shipped = { .lines = lesson->lines,
                                 .size = lesson->size,
                                 .truth = lesson->truth,
                                 .rules = (Rules *)(uintptr_t)lesson->shipped };
        CLEANUP(labelled_free) LabelledList before = { 0 }, after = { 0 };
        CLEANUP(buffer_free) Buffer list = { 0 };
        int64_t newest = INT64_MIN;

        if (!learn_run(&shipped, (ZoneTeacher){ 0 }, &before, SIZE_MAX, err) ||
            !learn_run(lesson, (ZoneTeacher){ 0 }, &after, SIZE_MAX, err))
                return false;
        for (size_t i = 0; i < before.size; i++)
                newest = before.items[i].at > newest ? before.items[i].at : newest;
        const LearnDiff diff = learn_diff(&before, &after, newest - span_ms, lines, &list);
        diff_tell(&diff, span_ms / 86400000, &list, out);
        return true;
}
