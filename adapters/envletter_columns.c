#include "adapters/envletter.h"

#include "hub/base/text.h"

#include <string.h>

/*
 * Header lines are worded anew from batch to batch. Exact names first, then what a name holds: in this order, so that
 * 是否属实 is no status and 责任人被处理情况 no action. Blanks, punctuation and width do not count.
 */
static const struct {
        Column column;
        const char *word;
} holds[] = {
        { COLUMN_BLAME, "责任人" },    { COLUMN_BLAME, "问责" },    { COLUMN_BLAME, "追究" },
        { COLUMN_ROW, "序号" },        { COLUMN_NUMBER, "编号" },   { COLUMN_NUMBER, "受理号" },
        { COLUMN_FOUNDED, "属实" },    { COLUMN_STATUS, "办结" },   { COLUMN_STATUS, "办理状态" },
        { COLUMN_STATUS, "办理进展" }, { COLUMN_TYPE, "类型" },     { COLUMN_TYPE, "类别" },
        { COLUMN_TYPE, "污染要素" },   { COLUMN_AREA, "区域" },     { COLUMN_AREA, "行政区" },
        { COLUMN_AREA, "属地" },       { COLUMN_AREA, "所在区" },   { COLUMN_ORG, "单位" },
        { COLUMN_ADDRESS, "地址" },    { COLUMN_ADDRESS, "地点" },  { COLUMN_CHECK, "核实" },
        { COLUMN_CHECK, "调查" },      { COLUMN_ACTION, "整改" },   { COLUMN_ACTION, "处理" },
        { COLUMN_ACTION, "查处" },     { COLUMN_TEXT, "问题" },     { COLUMN_TEXT, "基本情况" },
        { COLUMN_TEXT, "内容" },       { COLUMN_TEXT, "举报情况" },
};

static const char *const names[COLUMNS] = {
        [COLUMN_ROW] = "row",         [COLUMN_NUMBER] = "number", [COLUMN_TEXT] = "text",
        [COLUMN_AREA] = "area",       [COLUMN_TYPE] = "type",     [COLUMN_CHECK] = "check",
        [COLUMN_FOUNDED] = "founded", [COLUMN_ACTION] = "action", [COLUMN_STATUS] = "status",
        [COLUMN_BLAME] = "blame",     [COLUMN_ORG] = "org",       [COLUMN_ADDRESS] = "address",
};

enum { HEADER_POINTS_MOST = 24 };

const char *column_name(Column column)
{
        return names[column];
}

Column column_find(const char *name)
{
        Column column = 0;

        while (column < COLUMNS && !text_same(names[column], name))
                column++;
        return column;
}

static Column cell_column(const LetterOptions *options, const char *cell)
{
        const char *own = table_get(&options->columns, cell);
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (own)
                return column_find(own);
        if (text_points(cell) > HEADER_POINTS_MOST)
                return COLUMNS;
        text_normalise(&plain, cell, strlen(cell));
        for (size_t i = 0; plain.size && i < sizeof(holds) / sizeof(holds[0]); i++)
                if (strstr(plain.bytes, holds[i].word))
                        return holds[i].column;
        return COLUMNS;
}

/* A number's column and two more, and most of its cells are names of columns: no title and no letter looks so. */
bool header_read(const LetterOptions *options, const Row *row, Header *header)
{
        size_t known = 0, cells = 0;

        *header = (Header){ .size = row->size };
        for (size_t i = 0; i < row->size && i < CELLS_MOST; i++) {
                const char *cell = row_cell(row, i);
                Column column = cell_column(options, cell);

                cells += cell[0] != '\0';
                if (column == COLUMNS || header->places[column])
                        continue;
                header->places[column] = i + 1;
                known++;
        }
        return header->places[COLUMN_NUMBER] && known >= 3 && 2 * known > cells;
}

static bool name_check(const char *option, const char *name, Error *err)
{
        const char *nearest = text_nearest(name, names, COLUMNS);

        return column_find(name) != COLUMNS ||
               error_set(err, ERR_FATAL, NULL, "%s: \"%s\" is no column of a letter%s%s%s", option, name,
                         nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

bool columns_check(const LetterOptions *options, Error *err)
{
        for (size_t i = 0; i < options->columns.size; i++)
                if (!name_check("columns", options->columns.values[i], err))
                        return false;
        for (size_t i = 0; i < options->fill.size; i++)
                if (!name_check("fill", options->fill.items[i], err))
                        return false;
        return true;
}
