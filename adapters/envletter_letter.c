#include "adapters/envletter.h"
#include "hub/dialect/words.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

/* Codes of the inspectors' types: the first row that fits. A wide type (大气) is told apart by what the letter says. */
static const struct {
        const char *type, *word, *code; /* word NULL: whatever it says */
} types[] = {
        { "油烟", NULL, "E0116" },   { "扬尘", NULL, "E0302" },   { "垃圾", NULL, "E0102" },
        { "噪声", "施工", "E0301" }, { "噪声", "工地", "E0301" }, { "噪声", NULL, "E0508" },
        { "噪音", "施工", "E0301" }, { "噪音", NULL, "E0508" },   { "大气", "油烟", "E0116" },
        { "大气", "餐饮", "E0116" }, { "大气", "烧烤", "E0116" }, { "大气", "扬尘", "E0302" },
        { "大气", "裸土", "E0302" }, { "大气", "粉尘", "E0302" }, { "大气", "焚烧", "E0115" },
        { "水", "污水", "E0404" },   { "水", "下水", "E0404" },   { "水", NULL, "E0105" },
};

static const StatusWords words[] = {
        { "正在办理", STATE_PROCESSING, 0, false }, { "办理中", STATE_PROCESSING, 0, false },
        { "正在整改", STATE_PROCESSING, 0, false }, { "未办结", STATE_PROCESSING, 0, false },
        { "否", STATE_PROCESSING, 0, false },       { "阶段性办结", STATE_FEEDBACK, 0, false },
        { "阶段办结", STATE_FEEDBACK, 0, false },   { "已阶段性办结", STATE_FEEDBACK, 0, false },
        { "已办结", STATE_CLOSED, 0, false },       { "办结", STATE_CLOSED, 0, false },
        { "是", STATE_CLOSED, 0, false },           { 0 },
};

/* Exactly these: 部分属实 is a letter that stays, and 不属实 holds 属实. */
static const char *const unfounded[] = { "不属实", "均不属实", "全部不属实", "基本不属实", "否" };

#define FOREIGN "非生态" /* 非生态领域, 非生态环境领域: taken back, it was no matter of the environment */

/* Without blanks, punctuation and differences of width; in the arena. */
static const char *plain_text(const char *text, Arena *arena)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (!text)
                return "";
        text_normalise(&plain, text, strlen(text));
        return arena_copy(arena, plain.bytes ? plain.bytes : "", plain.size);
}

static bool is_foreign(const Letter *letter)
{
        static const Column places[] = { COLUMN_TYPE, COLUMN_FOUNDED, COLUMN_STATUS };

        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
                if (letter->cells[places[i]] && strstr(letter->cells[places[i]], FOREIGN))
                        return true;
        return false;
}

static bool is_unfounded(const Letter *letter, Arena *arena)
{
        const char *founded = plain_text(letter->cells[COLUMN_FOUNDED], arena);

        for (size_t i = 0; i < sizeof(unfounded) / sizeof(unfounded[0]); i++)
                if (strcmp(founded, unfounded[i]) == 0)
                        return true;
        return false;
}

static void status_fill(const LetterOptions *options, const Letter *letter, Arena *arena, Event *event)
{
        const char *raw = letter->cells[COLUMN_STATUS];
        StatusWords status = { .state = STATE_RECEIVED };

        if (raw && !status_find(&options->states, words, raw, &status) &&
            !status_find(&options->states, words, plain_text(raw, arena), &status))
                event->quality |= QUALITY_PARTIAL;
        if (is_unfounded(letter, arena))
                status = (StatusWords){ .state = STATE_CLOSED, .outcome = OUTCOME_UNFOUNDED };
        if (is_foreign(letter))
                status = (StatusWords){ .state = STATE_VOID, .outcome = OUTCOME_WITHDRAWN };
        event->status.raw = raw ? raw : letter->cells[COLUMN_FOUNDED];
        event->status.state = status.state;
        event->status.outcome = status.outcome;
        event->status.reopened = status.reopened;
}

static const char *type_code(const LetterOptions *options, const char *type, const char *text)
{
        const char *own = table_get(&options->categories, type);

        for (size_t i = 0; !own && i < sizeof(types) / sizeof(types[0]); i++)
                if (text_starts(type, types[i].type) && (!types[i].word || (text && strstr(text, types[i].word))))
                        own = types[i].code;
        return own;
}

static void code_add(Event *event, const char *code)
{
        if (!event->category.code) {
                event->category.code = code;
                event->category.method = METHOD_NAME;
                return;
        }
        if (text_same(event->category.code, code) || event->category.also_size == EVENT_ALSO_MOST)
                return;
        for (size_t i = 0; i < event->category.also_size; i++)
                if (text_same(event->category.also[i], code))
                        return;
        event->category.also[event->category.also_size++] = code;
}

static bool is_between(uint32_t point)
{
        return point <= ' ' || point == ',' || point == ';' || point == '/' || point == '+' || point == 0x3000 ||
               point == 0x3001 || point == 0xff0c || point == 0xff1b || point == 0xff0f;
}

/* "大气,噪声", "大气，噪声", "大气、噪声": the first that has a code of ours, the others beside it. */
static void category_fill(const LetterOptions *options, const Letter *letter, Arena *arena, Event *event)
{
        const char *at = letter->cells[COLUMN_TYPE], *end = at ? at + strlen(at) : NULL;

        event->category.raw_name = at;
        event->category.fallback = "E2113";
        while (at && at < end) {
                const char *start = at, *to = at, *code;

                while (to < end && !is_between(text_next(&at, end)))
                        to = at;
                code = to > start ? type_code(options, arena_copy(arena, start, (size_t)(to - start)),
                                              letter->cells[COLUMN_TEXT])
                                  : NULL;
                if (code)
                        code_add(event, code);
        }
}

/* A list tells no time of a change: what we map of a letter, width, blanks and line ends apart. */
static const char *letter_hash(const Letter *letter, Arena *arena)
{
        static const Column mapped[] = { COLUMN_TEXT,   COLUMN_AREA, COLUMN_TYPE,   COLUMN_FOUNDED,
                                         COLUMN_STATUS, COLUMN_ORG,  COLUMN_ADDRESS };
        CLEANUP(buffer_free) Buffer all = { 0 };
        char digest[SHA256_TEXT_SIZE];

        for (size_t i = 0; i < sizeof(mapped) / sizeof(mapped[0]); i++)
                buffer_format(&all, "%s=%s\n", column_name(mapped[i]), plain_text(letter->cells[mapped[i]], arena));
        buffer_format(&all, "starred=%d\n", letter->number.starred);
        return arena_format(arena, "%.16s", sha256_text(all.bytes, all.size, digest));
}

/* Lists of the whole city name other districts; a letter that several handle names several. */
static void place_fill(const LetterOptions *options, const Letter *letter, Event *event)
{
        const char *area = letter->cells[COLUMN_AREA];

        event->place.address = letter->cells[COLUMN_ADDRESS];
        if (area && options->district[0] && !strstr(area, options->district))
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

static const char *sequence_make(const Letter *letter, Arena *arena)
{
        const char *row = letter->cells[COLUMN_ROW];
        int64_t number = (int64_t)letter->row;
        char day[TIME_TEXT_SIZE];

        if (row)
                (void)text_read_integer(plain_text(row, arena), &number);
        if (letter->batch == TIME_NONE)
                return arena_format(arena, "%lld", (long long)number);
        time_text(letter->batch + INT64_C(8) * 3600 * 1000, day);
        return arena_format(arena, "%.4s%.2s%.2s/%lld", day, day + 5, day + 8, (long long)number);
}

bool letter_event(const LetterOptions *options, const Letter *letter, Arena *arena, Event *event, Error *err)
{
        if (!letter->number.text[0])
                return error_set(err, ERR_INPUT, "missing_field", "number: missing");
        event_init(event, KIND_REPORT);
        event->space = options->space;
        event->source.id = letter->number.text;
        event->source.revision = letter_hash(letter, arena);
        event->source.sequence = sequence_make(letter, arena);
        if (letter->number.day != TIME_NONE)
                event->source.channel = letter->number.text[0] == 'D' ? "来电" : "来信";
        event->time.occurred = letter->number.day;
        event->time.precision = PRECISION_DAY;
        if (letter->batch != TIME_NONE && letter->batch >= letter->number.day)
                event->time.updated = letter->batch;
        event->severity = letter->number.starred ? SEVERITY_HIGH : SEVERITY_NONE;
        event->description = letter->cells[COLUMN_TEXT];
        event->org.responsible = letter->cells[COLUMN_ORG];
        status_fill(options, letter, arena, event);
        category_fill(options, letter, arena, event);
        place_fill(options, letter, event);
        return true;
}
