/* What stands between the && of a packet: members, by the codes of their factors. */

#include "hub/base/text.h"
#include "hub/hj212/hj212.h"
#include "hub/hj212/hj212_private.h"

#include <math.h>
#include <string.h>
#include <strings.h>

char *hj212_word(char **text, const char *ends)
{
        char *word = *text;
        size_t size, start;

        if (!word)
                return NULL;
        size = strcspn(word, ends);
        *text = word[size] ? word + size + 1 : NULL;
        start = (size_t)(text_trim(word, &size) - word);
        word[start + size] = '\0';
        return word + start;
}

/* Annex B of HJ 212-2017; without a unit where devices differ: particles are told in ng, ug or mg. */
static const struct {
        const char *code, *name, *unit;
} factors[] = {
        { "a34001", "TSP", NULL },      { "a34002", "PM10", NULL },  { "a34004", "PM2.5", NULL },
        { "a34005", "PM1", NULL },      { "a34011", "降尘", NULL },  { "a24088", "非甲烷总烃", NULL },
        { "a01001", "气温", "degC" },   { "a01002", "湿度", "%RH" }, { "a01006", "气压", "kPa" },
        { "a01007", "风速", "m/s" },    { "a01008", "风向", "deg" }, { "LA", "A声级", "dB(A)" },
        { "Leq", "等效声级", "dB(A)" },
};

static void factor_fill(Hj212Item *item)
{
        for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
                if (strcasecmp(factors[i].code, item->code) == 0) {
                        item->code = factors[i].code;
                        item->name = factors[i].name;
                        item->unit = factors[i].unit;
                }
}

static const struct {
        const char *cns, *says;
} others[] = {
        { "9011|9012|9013|9014", "answer" },         { "9015", "heartbeat" }, { "9021|9022", "login" },
        { "2021|2022|2041", "state of the device" }, { "2081", "start" },
};

const char *hj212_other(const char *cn)
{
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                if (text_among(others[i].cns, cn, strlen(cn)))
                        return others[i].says;
        return "other command";
}

bool hj212_is_absent(const char *value)
{
        return !value[0] || text_same(value, "-");
}

bool hj212_is_word(const char *text, size_t most)
{
        size_t size = 0;

        while (text[size] > ' ' && text[size] < 0x7f)
                size++;
        return size && !text[size] && size <= most;
}

static Hj212Item *item_of(Hj212Content *content, const char *code)
{
        enum { CODE_MOST = 32 };
        Hj212Item *item = content->items;

        while (item < content->items + content->size && strcasecmp(item->code, code) != 0)
                item++;
        if (item < content->items + content->size)
                return item;
        if (content->size == HJ212_ITEMS_MOST || !hj212_is_word(code, CODE_MOST)) {
                content->is_partial = true;
                return NULL;
        }
        content->size++;
        *item = (Hj212Item){ .code = code, .value = (double)NAN };
        factor_fill(item);
        return item;
}

static Hj212Rank rank_of(const char *suffix)
{
        if (!suffix)
                return HJ212_BARE;
        if (strcasecmp(suffix, "Rtd") == 0)
                return HJ212_MOMENT;
        return strcasecmp(suffix, "Avg") == 0 ? HJ212_MEAN : HJ212_NONE;
}

static void member_take(Hj212Content *content, char *key, const char *value)
{
        enum { FLAG_MOST = 8 };
        const char *last = strrchr(key, '-'), *suffix = last ? last + 1 : NULL;
        const Hj212Rank rank = rank_of(suffix);
        Hj212Item *item;

        key[strcspn(key, "-")] = '\0';
        item = item_of(content, key);
        if (!item)
                return;
        if (rank && rank >= item->rank) {
                item->text = value;
                item->rank = rank;
        } else if (suffix && strcasecmp(suffix, "Flag") == 0 && hj212_is_word(value, FLAG_MOST)) {
                item->flag = value;
        }
}

static void value_read(Hj212Content *content, Hj212Item *item)
{
        enum { NOTHING = 32767 };
        const double most = 1e9; /* a gram of particles in ng; more is a number that went astray */
        double value;

        if (!item->text)
                return;
        if (text_read_number(item->text, &value) && fabs(value) <= most) {
                item->is_nothing = fabs(value - NOTHING) < 1 / most || fabs(value + NOTHING + 1) < 1 / most;
                item->value = item->is_nothing ? (double)NAN : value;
        }
        content->is_partial |= item->rank > HJ212_BARE && isnan(item->value);
}

void hj212_read(Hj212 *packet, Hj212Content *content)
{
        char *text = packet->content, *value;

        content->size = 0;
        content->is_partial = false;
        while ((value = hj212_word(&text, ";,"))) {
                char *key = hj212_word(&value, "=");

                value = hj212_word(&value, "");
                if (value && !hj212_is_absent(value))
                        member_take(content, key, value);
        }
        for (size_t i = 0; i < content->size; i++)
                value_read(content, &content->items[i]);
}

const char *hj212_text(const Hj212Content *content, const char *names)
{
        for (size_t i = 0; i < content->size; i++)
                if (content->items[i].rank == HJ212_BARE &&
                    text_among(names, content->items[i].code, strlen(content->items[i].code)))
                        return content->items[i].text;
        return NULL;
}

bool hj212_time(const char *text, Arena *arena, int64_t *ms, TimePrecision *precision, Error *err)
{
        enum { DATE = 8, CLOCK = 6, WITH_WEEKDAY = DATE + 1 + CLOCK };
        const size_t digits = strspn(text, "0123456789");

        if (digits && (!text[digits] || text_same(text + digits, "CST")))
                text = digits == WITH_WEEKDAY ? arena_format(arena, "%.*s%.*s", DATE, text, CLOCK, text + DATE + 1)
                                              : arena_copy(arena, text, digits);
        return time_read(text, ms, precision, err);
}
