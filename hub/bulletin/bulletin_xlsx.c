/* The bulletin as a workbook, by libxlsxwriter. */

#include "hub/bulletin/bulletin_private.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { WIDTH_USUAL = 14, WIDTH_TITLE = 30, HEAD_ROW = 2 };

static void cell_put(lxw_worksheet *sheet, lxw_row_t row, const DbResult *rows, size_t from, size_t column)
{
        const char *text = db_text(rows, from, column);

        if (!text)
                return;
        if (bulletin_is_number(rows, column))
                worksheet_write_number(sheet, row, (lxw_col_t)column, strtod(text, NULL), NULL);
        else
                worksheet_write_string(sheet, row, (lxw_col_t)column, text, NULL);
}

static void sheet_put(lxw_workbook *book, const Section *section, const DbResult *rows, lxw_format *bold)
{
        lxw_worksheet *sheet = workbook_add_worksheet(book, section->id);
        const lxw_col_t last = (lxw_col_t)(db_columns(rows) - 1);

        worksheet_write_string(sheet, 0, 0, section->title, bold);
        if (section->note)
                worksheet_write_string(sheet, 1, 0, section->note, NULL);
        worksheet_set_column(sheet, 0, last, WIDTH_USUAL, NULL);
        for (size_t c = 0; c < db_columns(rows); c++) {
                worksheet_write_string(sheet, HEAD_ROW, (lxw_col_t)c, db_name(rows, c), bold);
                if (strcmp(db_name(rows, c), "标题") == 0)
                        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, WIDTH_TITLE, NULL);
        }
        for (size_t r = 0; r < db_rows(rows); r++)
                for (size_t c = 0; c < db_columns(rows); c++)
                        cell_put(sheet, (lxw_row_t)(HEAD_ROW + 1 + r), rows, r, c);
        worksheet_freeze_panes(sheet, HEAD_ROW + 1, 0);
        worksheet_set_paper(sheet, 9); /* A4 */
        worksheet_set_landscape(sheet);
        worksheet_fit_to_pages(sheet, 1, 0);
}

bool bulletin_xlsx(const Bulletin *bulletin, const char *path, Error *err)
{
        lxw_workbook *book = workbook_new(path);
        lxw_doc_properties properties = { .title = bulletin->title, .comments = bulletin->as_of };
        lxw_format *bold;
        lxw_error code;

        if (!book)
                return error_set(err, ERR_RETRY, NULL, "%s: no workbook", path);
        workbook_set_properties(book, &properties);
        bold = workbook_add_format(book);
        format_set_bold(bold);
        for (size_t i = 0; i < bulletin->size; i++)
                if (!(bulletin->sections[i]->show & SHOW_MAP))
                        sheet_put(book, bulletin->sections[i], bulletin->rows[i], bold);
        code = workbook_close(book);
        return code == LXW_NO_ERROR || error_set(err, ERR_RETRY, NULL, "%s: %s", path, lxw_strerror(code));
}
