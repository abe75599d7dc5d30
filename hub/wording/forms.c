#include "hub/wording/forms.h"

#include "hub/base/text.h"

#include <string.h>

enum { UNMARKED_TELLS = 2 };

static bool is_marked(const Forms *forms, uint16_t code)
{
        return forms->bits[code / 8] & 1 << code % 8;
}

void forms_add(Forms *forms, const char *phrase)
{
        Reading reading;

        reading_begin(&reading);
        reading_add(&reading, phrase, 1);
        for (size_t i = 0; i < reading.codes_size; i++)
                forms->bits[reading.codes[i].code / 8] |= (uint8_t)(1 << reading.codes[i].code % 8);
}

/* Where a text is read: what came last. */
typedef struct {
        const Forms *forms;
        uint32_t last;    /* the character before, 0: none that belongs to this one */
        bool last_marked; /* it stands in a form of speech */
        int unmarked;     /* so many before it do not, without a gap */
        char word[READING_WORD_MOST];
        size_t word_size;
        bool number, tells;
} Telling;

/* The character before is settled: no pair marked it. */
static void last_settle(Telling *telling)
{
        telling->unmarked = telling->last && !telling->last_marked ? telling->unmarked + 1 : 0;
        telling->tells = telling->tells || telling->unmarked >= UNMARKED_TELLS;
}

static void character_see(Telling *telling, uint32_t point)
{
        const uint32_t pair[2] = { telling->last, point };
        const bool marked = telling->last && is_marked(telling->forms, reading_code(pair, sizeof pair));

        telling->last_marked = telling->last_marked || marked;
        last_settle(telling);
        telling->last = point;
        telling->last_marked = marked;
}

static void gap_see(Telling *telling)
{
        last_settle(telling);
        telling->last = 0;
        telling->last_marked = false;
        telling->unmarked = 0;
}

static void word_end(Telling *telling)
{
        const size_t size = telling->word_size;

        if (size > 1 && !telling->number && !is_marked(telling->forms, reading_code(telling->word, size)))
                telling->tells = true;
        telling->word_size = 0;
        telling->number = true;
}

static void point_see(Telling *telling, uint32_t point)
{
        if (!reading_is_latin(point)) {
                word_end(telling);
                if (reading_is_gap(point))
                        gap_see(telling);
                else
                        character_see(telling, point);
                return;
        }
        gap_see(telling);
        telling->number = telling->number && reading_is_digit(point);
        if (telling->word_size < READING_WORD_MOST)
                telling->word[telling->word_size++] = (char)point;
}

bool forms_tell(const Forms *forms, const char *text)
{
        Telling telling = { .forms = forms, .number = true };
        const char *end = text ? text + strlen(text) : NULL;

        while (text < end && !telling.tells)
                point_see(&telling, reading_fold(text_next(&text, end)));
        word_end(&telling);
        gap_see(&telling);
        return telling.tells;
}
