#include "hub/wording/sign.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/wording/feature.h"
#include "hub/wording/reading.h"
#include "hub/wording/sign_words.h"

#include <string.h>

enum {
        TEXT_MOST = 512,
        BEFORE_MOST = 7, /* characters of a name before its last word */
        NAME_LEAST = 2,
        TELLING = 4, /* letters that name one thing: shorter ones are a kind of shop, or one slip from another name */
        BUILDING_MOST = 9999
};

static size_t points_read(const char *text, uint32_t *points)
{
        const char *end = text + strlen(text);
        size_t size = 0;

        while (text < end && size < TEXT_MOST)
                points[size++] = reading_fold(text_next(&text, end));
        return size;
}

/* Where a road or a house number ends: a name may begin behind it. 0: none ends at `at`. */
static size_t road_end(const uint32_t *points, size_t size, size_t at)
{
        size_t end = at + 1;

        if (points[at] == U'号')
                return at > 0 && reading_is_digit(points[at - 1]) && (end == size || points[end] != U'楼') ? end : 0;
        if (points[at] == U'街' && end < size && points[end] == U'道')
                return end + 1;
        if (points[at] != U'路' && points[at] != U'巷' && points[at] != U'弄' && points[at] != U'街')
                return 0;
        if (at > 0 &&
            (points[at - 1] == U'道' || points[at - 1] == U'马' || points[at - 1] == U'公' || points[at - 1] == U'铁'))
                return 0; /* 道路, 马路, 公路, 铁路: no road of that name */
        while (end < size && reading_is_digit(points[end]))
                end++;
        return end > at + 1 && end < size && points[end] == U'号' ? end + 1 : at + 1;
}

/* "3号楼", "3栋" at `at`; 0: none. Moves `at` past it. */
static uint16_t building_read(const uint32_t *points, size_t size, size_t *at)
{
        size_t end = *at;
        uint32_t number = 0;

        for (; end < size && reading_is_digit(points[end]) && number <= BUILDING_MOST; end++)
                number = number * 10 + (points[end] - '0');
        if (end == *at || number > BUILDING_MOST || end == size)
                return 0;
        if (points[end] == U'号' && end + 1 < size && points[end + 1] == U'楼')
                end += 2;
        else if (points[end] == U'栋' || points[end] == U'幢' || points[end] == U'座')
                end++;
        else
                return 0;
        *at = end;
        return (uint16_t)number;
}

static bool same_letters(const Sign *one, const Sign *other)
{
        return one->size == other->size && one->letters[0] == other->letters[0] &&
               memcmp(one->letters, other->letters, one->size * sizeof *one->letters) == 0;
}

static void sign_add(Signs *signs, const uint32_t *points, size_t size, uint16_t building, bool mark)
{
        Sign sign = { .building = building, .mark = mark };

        while (sign.size < size && sign.size < SIGN_LETTERS_MOST) {
                sign.letters[sign.size] = (uint16_t)points[sign.size];
                sign.size++;
        }
        for (size_t i = 0; i < signs->size; i++)
                if (same_letters(&signs->items[i], &sign) && signs->items[i].building == building)
                        return;
        if (signs->size < SIGNS_MOST && sign.size >= NAME_LEAST)
                signs->items[signs->size++] = sign;
}

/* A school's building site is a site: words that follow each other are one, and the last one says what it is. */
static bool words_go_on(const uint32_t *points, size_t size, size_t at, size_t *length, bool mark)
{
        size_t more;

        for (const SignWord *next; (next = sign_word_at(points, size, at + *length, &more)) && more > 1;
             mark = next->mark)
                *length += more;
        return mark;
}

static void words_read_names(Signs *signs, const uint32_t *points, size_t size)
{
        size_t begin = 0;

        for (size_t at = 0; at < size;) {
                const size_t road = road_end(points, size, at);
                size_t length;
                const SignWord *word = sign_word_at(points, size, at, &length);

                if (word && at - begin < word->before) {
                        begin = at += length; /* a kind of shop, not its name */
                        continue;
                }
                if (word) {
                        const size_t from = at - begin > BEFORE_MOST ? at - BEFORE_MOST : begin;
                        const bool mark = words_go_on(points, size, at, &length, word->mark);
                        size_t end = at + length;
                        const uint16_t building = building_read(points, size, &end);

                        sign_add(signs, points + from, at + length - from, building, mark);
                        begin = at = end;
                        continue;
                }
                const size_t broken = sign_break_at(points, size, at);

                begin = road ? road : broken ? at + broken : begin;
                at = begin > at ? begin : at + 1;
        }
}

/* What follows city, district and town, road and number is a name, whatever it ends with. */
static void address_read(Signs *signs, const uint32_t *points, size_t size)
{
        size_t begin = 0, end;
        uint16_t building = 0;

        for (size_t at = 0; at < size; at++) {
                const size_t road = road_end(points, size, at);

                begin = road > begin ? road : begin;
        }
        for (end = begin;
             end < size && building == 0 && (reading_is_latin(points[end]) || !reading_is_gap(points[end])); end++) {
                size_t past = end;

                building = building_read(points, size, &past);
        }
        end -= building > 0;
        if (end - begin >= NAME_LEAST && reading_is_chinese(points[begin]))
                sign_add(signs, points + begin, end - begin, building, sign_ends_mark(points, end));
}

const char *sign_address(const char *address)
{
        const char *at = address, *end = address ? address + strlen(address) : NULL, *begin = address;
        uint32_t before = 0;

        while (at && at < end) {
                const char *next = at;
                const uint32_t point = text_next(&next, end);
                const char *ahead = next;
                const uint32_t following = ahead < end ? text_next(&ahead, end) : 0;

                if ((point == U'市' && following != U'场' && before != U'超') || point == U'县' || point == U'镇' ||
                    (point == U'区' && before != U'小' && before != U'社'))
                        begin = next;
                if (point == U'街' && following == U'道')
                        begin = next = ahead;
                before = point;
                at = next;
        }
        return begin;
}

bool sign_is_chinese(const char *text)
{
        const char *end = text + strlen(text);

        while (text < end)
                if (reading_is_chinese(text_next(&text, end)))
                        return true;
        return false;
}

void signs_read(Signs *signs, const char *address, const char *title, const char *description)
{
        const char *const texts[] = { title, description };
        uint32_t points[TEXT_MOST] = { 0 };

        *signs = (Signs){ 0 };
        if (address)
                address_read(signs, points, points_read(sign_address(address), points));
        for (size_t i = 0; i < 2; i++)
                if (texts[i])
                        words_read_names(signs, points, points_read(texts[i], points));
}

/* One of the two is the other with more before or behind it. */
static bool holds(const Sign *one, const Sign *other)
{
        const Sign *longer = one->size >= other->size ? one : other, *shorter = longer == one ? other : one;

        if (shorter->size < TELLING)
                return same_letters(one, other);
        for (size_t at = 0; at + shorter->size <= longer->size; at++)
                if (longer->letters[at] == shorter->letters[0] &&
                    memcmp(longer->letters + at, shorter->letters, shorter->size * sizeof *shorter->letters) == 0)
                        return true;
        return false;
}

/* One letter is another one. */
static bool is_slip(const Sign *one, const Sign *other)
{
        size_t apart = 0;

        if (one->size != other->size || one->size < TELLING)
                return false;
        for (size_t i = 0; i < one->size; i++)
                apart += one->letters[i] != other->letters[i];
        return apart == 1;
}

static int sign_match(const Sign *one, const Sign *other)
{
        if (one->mark || other->mark)
                return one->mark != other->mark ? SIGN_ABSENT : same_letters(one, other) ? SIGN_MARK : SIGN_OTHER_MARK;
        if (one->building && other->building && one->building != other->building)
                return same_letters(one, other) ? SIGN_OTHER_BUILDING : SIGN_DIFFERENT;
        if (one->building != other->building)
                return holds(one, other) ? SIGN_ESTATE : SIGN_DIFFERENT;
        if (same_letters(one, other))
                return SIGN_SAME;
        return holds(one, other) ? SIGN_PART : is_slip(one, other) ? SIGN_SLIP : SIGN_DIFFERENT;
}

/* The name of a door outweighs landmarks, one in common outweighs others. */
int signs_better(int one, int other)
{
        static const int order[] = { [SIGN_ABSENT] = 0,    [SIGN_OTHER_MARK] = 1,     [SIGN_MARK] = 2,
                                     [SIGN_DIFFERENT] = 3, [SIGN_OTHER_BUILDING] = 4, [SIGN_SLIP] = 5,
                                     [SIGN_ESTATE] = 6,    [SIGN_PART] = 7,           [SIGN_SAME] = 8 };

        return order[one] > order[other] ? one : other;
}

int signs_match(const Signs *one, const Signs *other)
{
        int found = SIGN_ABSENT;

        for (size_t i = 0; i < one->size; i++)
                for (size_t j = 0; j < other->size; j++)
                        found = signs_better(sign_match(&one->items[i], &other->items[j]), found);
        return found;
}

uint32_t sign_hash(const Sign *sign)
{
        const uint64_t hash = hash64(sign->letters, sign->size * sizeof *sign->letters) ^ (uint64_t)sign->building
                                                                                                  << 20;

        return (uint32_t)(hash ^ hash >> 32);
}
