#include "hub/wording/street.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/wording/feature.h"
#include "hub/wording/reading.h"
#include "hub/wording/sign_words.h"

#include <string.h>

enum { ADDRESS_MOST = 128, TEXT_MOST = 512, BEFORE = 2, NUMBER_MOST = 6 };

static uint32_t hash_of(const uint32_t *points, size_t size)
{
        const uint64_t hash = hash64(points, size * sizeof *points);
        const uint32_t folded = (uint32_t)(hash ^ hash >> 32);

        return folded ? folded : 1;
}

static size_t points_read(const char *text, size_t most, uint32_t *points)
{
        const char *end = text ? text + strlen(text) : NULL;
        size_t size = 0;

        while (text && text < end && size < most)
                points[size++] = reading_fold(text_next(&text, end));
        return size;
}

static void house_add(Houses *houses, House house)
{
        for (size_t i = 0; i < houses->size; i++)
                if (houses->items[i].street == house.street && houses->items[i].number == house.number)
                        return;
        if (houses->size < HOUSES_MOST)
                houses->items[houses->size++] = house;
}

/* Where the last word of a road ends; 街道 is a part of a district. 0: none begins at `at`. */
static size_t road_end(const uint32_t *points, size_t size, size_t at)
{
        const uint32_t next = at + 1 < size ? points[at + 1] : 0;

        if (points[at] == U'大' && next == U'道')
                return at + 2;
        if (points[at] == U'路' || points[at] == U'巷' || points[at] == U'弄' || (points[at] == U'街' && next != U'道'))
                return at + 1;
        return 0;
}

static bool is_name(const uint32_t *points, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (reading_is_gap(points[i]) || reading_is_latin(points[i]))
                        return false;
        return true;
}

/* What stands before 路 where it is no name: 道路, 马路, 堵路, 十字路口. */
static bool is_no_name(uint32_t point)
{
        static const uint32_t none[] =
                U"道马公铁水线电网走过绕让拦堵占挖修开问迷回上下到在从对沿条段半整该此本这那字岔叉主辅支大小行堆放车桌";

        for (size_t i = 0; none[i]; i++)
                if (none[i] == point)
                        return true;
        return false;
}

typedef enum { ROADS_ADDRESS, ROADS_HOUSES, ROADS_NAMED } RoadsKind;

/* In an address a road counts without a number too; in a text as 枋湖南路12号, and as a mere name where nothing else is known. */
static void roads_read(Houses *houses, const uint32_t *points, size_t size, RoadsKind kind)
{
        const bool is_address = kind == ROADS_ADDRESS;

        for (size_t at = BEFORE; at < size; at++) {
                const size_t end = road_end(points, size, at);
                size_t last = end;

                if (!end || !is_name(points + at - BEFORE, BEFORE))
                        continue;
                while (last < size && last - end < NUMBER_MOST && reading_is_digit(points[last]))
                        last++;
                const bool numbered = last > end && (is_address || (last < size && points[last] == U'号'));
                /* 嘉禾路天桥 is a bridge, wherever its reports stand */
                if (is_address && !numbered && sign_ends_mark(points + end, size - end))
                        continue;
                if (numbered || is_address ||
                    (kind == ROADS_NAMED && points[at] != U'弄' && !is_no_name(points[at - 1])))
                        house_add(houses, (House){ hash_of(points + at - BEFORE, end - at + BEFORE),
                                                   numbered ? hash_of(points + end, last - end) : 0, true });
                at = last > at ? last - 1 : at;
        }
}

/* Digits are the number, all else up to the first comma the street. */
static void whole_read(Houses *houses, const uint32_t *points, size_t size)
{
        uint32_t street[ADDRESS_MOST], number[ADDRESS_MOST];
        size_t street_size = 0, number_size = 0;
        bool numbered = false;

        for (size_t i = 0; i < size && points[i] != ','; i++) {
                if (reading_is_digit(points[i]) && !numbered)
                        number[number_size++] = points[i];
                else if (!reading_is_gap(points[i]) || reading_is_latin(points[i]))
                        street[street_size++] = points[i];
                numbered = numbered || (!reading_is_digit(points[i]) && number_size > 0);
        }
        if (street_size > 0)
                house_add(houses, (House){ hash_of(street, street_size),
                                           number_size > 0 ? hash_of(number, number_size) : 0, false });
}

static bool is_chinese(const uint32_t *points, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (reading_is_chinese(points[i]))
                        return true;
        return false;
}

void houses_read(Houses *houses, const char *address, const char *title, const char *description)
{
        uint32_t points[TEXT_MOST];
        size_t size = points_read(address, ADDRESS_MOST, points);

        *houses = (Houses){ 0 };
        if (is_chinese(points, size))
                roads_read(houses, points, size, ROADS_ADDRESS);
        else
                whole_read(houses, points, size);
        for (RoadsKind kind = ROADS_HOUSES; kind == ROADS_HOUSES || (kind == ROADS_NAMED && houses->size == 0);
             kind++) {
                size = points_read(title, TEXT_MOST, points);
                roads_read(houses, points, size, kind);
                size = points_read(description, TEXT_MOST, points);
                roads_read(houses, points, size, kind);
        }
}

static int house_match(House one, House other)
{
        if (one.road != other.road)
                return ADDRESS_ABSENT;
        if (one.street != other.street)
                return one.road ? ADDRESS_OTHER_ROAD : ADDRESS_DIFFERENT;
        if (one.road && (!one.number || !other.number))
                return ADDRESS_ROAD;
        if (one.number == other.number)
                return one.road ? ADDRESS_HOUSE : ADDRESS_SAME;
        return one.road ? ADDRESS_OTHER_HOUSE : ADDRESS_STREET;
}

/* One house in common outweighs others; another one of the same road outweighs the road alone, and that another road. */
int houses_better(int one, int other)
{
        static const int order[] = {
                [ADDRESS_ABSENT] = 0, [ADDRESS_OTHER_ROAD] = 1,  [ADDRESS_DIFFERENT] = 2, [ADDRESS_ROAD] = 3,
                [ADDRESS_STREET] = 4, [ADDRESS_OTHER_HOUSE] = 5, [ADDRESS_SAME] = 6,      [ADDRESS_HOUSE] = 7
        };

        return order[one] > order[other] ? one : other;
}

int houses_match(const Houses *one, const Houses *other)
{
        int found = ADDRESS_ABSENT;

        for (size_t i = 0; i < one->size; i++)
                for (size_t j = 0; j < other->size; j++)
                        found = houses_better(house_match(one->items[i], other->items[j]), found);
        return found;
}
