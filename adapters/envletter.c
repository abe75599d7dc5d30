#include "adapters/envletter.h"
#include "adapters/list.h"
#include "hub/dialect/case.h"
#include "hub/document/table.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

/*
 * Platform 3, letters and calls to the central environmental inspectors: a list a day, a table that somebody saved as
 * CSV. A title stands above the header line, notes and counts below the rows; merged cells come out blank. A letter
 * comes again in later lists, with a new status: then it is a new revision, else the same event. Over 300 lines with its receipt
 * numbers, which people type.
 */

typedef struct {
        CaseOptions of;
        TextTable columns;
        TextList fill; /* columns whose blank cells repeat the one above */
        char *district;
} LetterOptions;

#define AT(member) offsetof(LetterOptions, member)

/* In this order, so that 是否属实 is no status and 责任人被处理情况 no action. */
static const TableColumn columns[] = {
        { "blame", "责任人|问责|追究" },
        { "row", "序号" },
        { "number", "编号|受理号" },
        { "founded", "属实" },
        { "status", "办结|办理状态|办理进展" },
        { "type", "类型|类别|污染要素" },
        { "area", "区域|行政区|属地|所在区" },
        { "org", "单位" },
        { "address", "地址|地点" },
        { "check", "核实|调查" },
        { "action", "整改|处理|查处" },
        { "text", "问题|基本情况|内容|举报情况" },
        { 0 },
};

static const TableForm form = { .columns = columns, .key = "number", .count = "row", .least = 3 };

static bool columns_check(const char *name, const void *of, Error *err)
{
        return table_columns_check(&form, name, of, err);
}

static bool fill_check(const char *name, const void *of, Error *err)
{
        return table_names_check(&form, name, of, err);
}

static const Option table[] = {
        { "columns", OPTION_TABLE, AT(columns), .check = columns_check,
          .about = "a header's wording to what it is: number, text, area, type ..." },
        { "fill", OPTION_LIST, AT(fill), .check = fill_check, .value = "area,type",
          .about = "columns whose blank cells repeat the cell above; a row without a number of its own repeats all" },
        { "district", OPTION_TEXT, AT(district), .value = "湖里",
          .about = "letters whose area lacks it are marked out_of_district; empty: none" },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "number", CASE_ID },
        { "status", CASE_STATUS },
        { "type", CASE_CATEGORY },
        { "org", CASE_RESPONSIBLE },
        { "address", CASE_ADDRESS },
        { "text", CASE_DESCRIPTION },
        { 0 },
};

static const StatusWords words[] = {
        { "正在办理|正在整改|未办结|否", STATE_PROCESSING },
        { "阶段性办结|阶段办结|已阶段性办结", STATE_FEEDBACK },
        { "是", STATE_CLOSED },
        { 0 },
};

static const CaseForm letter_form = {
        .members = members, .words = words, .state = STATE_RECEIVED, .fallback = "E2113", .sheet = true
};

/* Codes of the inspectors' types: the first row that fits. A wide type (大气) is told apart by what the letter says. */
static const struct {
        const char *type, *words, *code; /* words NULL: whatever it says */
} types[] = {
        { "油烟", NULL, "E0116" },
        { "扬尘", NULL, "E0302" },
        { "垃圾", NULL, "E0102" },
        { "噪声", "施工|工地", "E0301" },
        { "噪声", NULL, "E0508" },
        { "噪音", "施工", "E0301" },
        { "噪音", NULL, "E0508" },
        { "大气", "油烟|餐饮|烧烤", "E0116" },
        { "大气", "扬尘|裸土|粉尘", "E0302" },
        { "大气", "焚烧", "E0115" },
        { "水", "污水|下水", "E0404" },
        { "水", NULL, "E0105" },
};

/* Exactly these: 部分属实 is a letter that stays, and 不属实 holds 属实. */
static const char unfounded[] = "不属实|均不属实|全部不属实|基本不属实|否";

#define FOREIGN "非生态" /* 非生态领域, 非生态环境领域: taken back, it was no matter of the environment */

typedef struct {
        const LetterOptions *options;
        Table *rows;
        int64_t batch; /* the day of the list */
        size_t letters;
        Arena *arena; /* of the row */
} Reader;

/* Without blanks, punctuation and differences of width; "" for none. */
static const char *plain_text(const char *text, Arena *arena)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        text_normalise(&plain, text ? text : "", text ? strlen(text) : 0);
        return arena_copy(arena, plain.bytes ? plain.bytes : "", plain.size);
}

/* ---- a letter ---- */

static bool is_foreign(const json_t *letter)
{
        return text_holds_one(FOREIGN, json_text(letter, "type")) ||
               text_holds_one(FOREIGN, json_text(letter, "founded")) ||
               text_holds_one(FOREIGN, json_text(letter, "status"));
}

static void status_fill(const json_t *letter, Arena *arena, Event *event)
{
        const char *raw = json_text(letter, "status"), *founded = json_text(letter, "founded");
        const char *plain = plain_text(founded, arena);

        event->status.raw = raw ? raw : founded;
        if (is_foreign(letter)) {
                event->status.state = STATE_VOID;
                event->status.outcome = OUTCOME_WITHDRAWN;
        } else if (text_is_one_of(unfounded, plain)) {
                event->status.state = STATE_CLOSED;
                event->status.outcome = OUTCOME_UNFOUNDED;
        }
}

static const char *type_code(const LetterOptions *options, const char *type, const char *text)
{
        const char *own = table_get(&options->of.categories, type);

        for (size_t i = 0; !own && i < sizeof(types) / sizeof(types[0]); i++)
                if (text_starts(type, types[i].type) && (!types[i].words || text_holds_one(types[i].words, text)))
                        own = types[i].code;
        return own;
}

/* "大气,噪声", "大气，噪声", "大气、噪声": the first that has a code of ours, the others beside it. */
static void category_fill(const LetterOptions *options, const json_t *letter, Arena *arena, Event *event)
{
        const char *types_told = json_text(letter, "type"), *type;
        size_t size;

        while (types_told && (type = text_name_next(&types_told, &size)))
                event_add_category(event, type_code(options, arena_copy(arena, type, size), json_text(letter, "text")),
                                   METHOD_NAME);
}

/* A list tells no time of a change: what we map of a letter, width, blanks and line ends apart. */
static const char *letter_hash(const json_t *letter, bool starred, Arena *arena)
{
        static const char *const mapped[] = { "text", "area", "type", "founded", "status", "org", "address" };
        CLEANUP(buffer_free) Buffer all = { 0 };

        for (size_t i = 0; i < sizeof(mapped) / sizeof(mapped[0]); i++) {
                const char *cell = json_text(letter, mapped[i]);

                buffer_text(&all, mapped[i]);
                buffer_byte(&all, '=');
                text_normalise(&all, cell ? cell : "", cell ? strlen(cell) : 0);
                buffer_byte(&all, '\n');
        }
        buffer_format(&all, "starred=%d\n", starred);
        return sha256_digits(all.bytes, all.size, 16, arena);
}

static const char *sequence_make(const Reader *reader, const json_t *letter)
{
        int64_t number = (int64_t)reader->letters;
        char day[TIME_TEXT_SIZE];

        (void)text_read_integer(plain_text(json_text(letter, "row"), reader->arena), &number);
        if (reader->batch == TIME_NONE)
                return arena_format(reader->arena, "%lld", (long long)number);
        time_text(reader->batch + INT64_C(8) * 3600 * 1000, day);
        return arena_format(reader->arena, "%.4s%.2s%.2s/%lld", day, day + 5, day + 8, (long long)number);
}

/* Lists of the whole city name other districts; a letter that several handle names several. */
static unsigned quality_of(const LetterOptions *options, const json_t *letter)
{
        const char *area = json_text(letter, "area");

        return area && options->district[0] && !strstr(area, options->district) ? QUALITY_OUT_OF_DISTRICT : 0;
}

static bool letter_emit(const Reader *reader, const json_t *letter, Output *output, Error *err)
{
        const LetterOptions *options = reader->options;
        const char *cell = json_text(letter, "number");
        Case found = { 0 };
        Number number;
        Event event;

        if (!number_read(cell ? cell : "", !options->of.whole_ids, &number, err))
                return false;
        case_read(&letter_form, &options->of, letter, reader->arena, &found);
        found.texts[CASE_ID] = number.text[0] ? number.text : NULL;
        found.texts[CASE_OCCURRED] = number.day[0] ? number.day : NULL;
        found.paths[CASE_OCCURRED] = "number";
        found.texts[CASE_STAGE] = found.texts[CASE_STATUS] ? plain_text(found.texts[CASE_STATUS], reader->arena) : NULL;
        found.revision = letter_hash(letter, number.starred, reader->arena);
        if (!case_event(&letter_form, &options->of, &found, reader->arena, &event, err))
                return false;
        event.source.sequence = sequence_make(reader, letter);
        if (number.day[0])
                event.source.channel = number.text[0] == 'D' ? "来电" : "来信";
        if (reader->batch != TIME_NONE && reader->batch >= event.time.occurred)
                event.time.updated = reader->batch;
        if (number.starred)
                event.severity = SEVERITY_HIGH;
        status_fill(letter, reader->arena, &event);
        category_fill(options, letter, reader->arena, &event);
        event.quality |= quality_of(options, letter) | table_quality(reader->rows);
        return emit(output, &event, err);
}

/* ---- rows ---- */

/* A number alone, of the right form, makes a letter; notes, counts and the titles of further tables have none. */
static bool is_letter(Table *rows)
{
        const char *number = json_text(table_row(rows), "number");
        Number unused;
        Error unread;

        return (number && number_read(number, false, &unused, &unread) && unused.text[0]) || !table_is_note(rows);
}

static bool row_translate(const void *of, const json_t *row, Output *output, Error *err)
{
        Reader *reader = *(Reader *const *)of; /* which counts */

        if (!is_letter(reader->rows))
                return true;
        reader->letters++;
        if (table_check(reader->rows, err)) {
                table_fill(reader->rows, &reader->options->fill);
                if (letter_emit(reader, row, output, err))
                        return true;
        }
        return error_add(err, "letter %zu", reader->letters);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const LetterOptions *options = of;
        const char *slash = record->channel ? strrchr(record->channel, '/') : NULL;
        CLEANUP(table_drop) Table *rows = table_open(&form, &options->columns, record, err);
        Reader reader = { .options = of, .rows = rows, .arena = scratch(output) };

        if (!rows)
                return false;
        reader.batch = time_find_day(table_title(rows));
        if (reader.batch == TIME_NONE)
                reader.batch = time_find_day(slash ? slash + 1 : record->channel);
        if (!table_translate(rows, row_translate, &(Reader *){ &reader }, output, err))
                return false;
        return reader.letters > 0 || ignored(output, "no letters");
}

const Adapter envletter = {
        .name = "envletter",
        .about = "Letters to the environmental inspectors: lists in CSV that a spreadsheet saved",
        .platform = "p03",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(LetterOptions),
        .translate = translate,
};
