/*
 * Whatever people write about themselves into a report, in whatever grouping, nothing of it is left; the text keeps its
 * length, and numbers that are nobody's keep their digits.
 */

#include "hub/privacy/mask.h"
#include "tests/property/random.h"

#include <string.h>

static const char *any_of(Chance *chance, const char *const *items, size_t size)
{
        return items[chance_below(chance, size)];
}

static char *digits_of(Chance *chance, Arena *arena, size_t size)
{
        char *digits = arena_take(arena, size + 1);

        for (size_t i = 0; i < size; i++)
                digits[i] = (char)('0' + chance_below(chance, 10));
        return digits;
}

static char *phone(Chance *chance, Arena *arena)
{
        static const char *const fronts[] = { "", "", "", "+86 ", "+86", "+86-", "86", "86-", "0086 " };
        static const char *const gaps[] = { "",  "",  "-", " ",  "—",    "\xe3\x80\x80", ".", "/",
                                            "_", "·", "*", "\n", "\r\n", " - ",          "•", "  " };
        const char *gap = any_of(chance, gaps, sizeof(gaps) / sizeof(gaps[0])), *digits = digits_of(chance, arena, 9);

        return arena_format(arena, "%s1%zu%.1s%s%.4s%s%s", any_of(chance, fronts, sizeof(fronts) / sizeof(fronts[0])),
                            3 + chance_below(chance, 7), digits, gap, digits + 1, gap, digits + 5);
}

static char *landline(Chance *chance, Arena *arena)
{
        static const char *const areas[] = { "0592-", "(0592)", "（0592）", "0592 ", "0592",
                                             "0596-", "0592.",  "0592/",    "0592_", "0592·" };
        const char *digits = digits_of(chance, arena, 6);

        return arena_format(arena, "%s%zu%.2s%s%s", any_of(chance, areas, sizeof(areas) / sizeof(areas[0])),
                            2 + chance_below(chance, 7), digits, chance_one_in(chance, 3) ? "-" : "", digits + 2);
}

static char *person(Chance *chance, Arena *arena)
{
        static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
        char *body = arena_format(arena, "35020%zu%04zu%02zu%02zu%s", 1 + chance_below(chance, 9),
                                  1900 + chance_below(chance, 130), 1 + chance_below(chance, 12),
                                  1 + chance_below(chance, 28), digits_of(chance, arena, 3));
        int sum = 0;

        for (size_t i = 0; i < 17; i++)
                sum += (body[i] - '0') * weights[i];
        if (chance_one_in(chance, 4))
                return arena_format(arena, "%.6s %.8s %s%c", body, body + 6, body + 14, "10X98765432"[sum % 11]);
        return arena_format(arena, "%s%c", body, (chance_one_in(chance, 2) ? "10X98765432" : "10x98765432")[sum % 11]);
}

static char *card(Chance *chance, Arena *arena)
{
        size_t size = 16 + chance_below(chance, 4);
        char *digits = arena_format(arena, "62%s0", digits_of(chance, arena, size - 3));
        int sum = 0;

        for (size_t i = 1; i < size; i++) {
                int digit = (digits[size - 1 - i] - '0') * (i % 2 ? 2 : 1);

                sum += digit > 9 ? digit - 9 : digit;
        }
        digits[size - 1] = (char)('0' + (10 - sum % 10) % 10);
        return digits;
}

static char *mail(Chance *chance, Arena *arena)
{
        return arena_format(arena, "%s_%s@%s.example.cn", digits_of(chance, arena, 3), digits_of(chance, arena, 4),
                            digits_of(chance, arena, 2));
}

static char *plate(Chance *chance, Arena *arena)
{
        static const char *const provinces[] = { "闽", "粤", "浙", "京", "琼" };
        static const char *const gaps[] = { "", "·", " ", "-", "•" };
        static const char *const ends[] = { "", "挂", "警", "学" };
        const char *end = any_of(chance, ends, 4), *province = any_of(chance, provinces, 5),
                   *gap = any_of(chance, gaps, 5);
        char letter = (char)('A' + chance_below(chance, 26));

        if (!end[0] && chance_one_in(chance, 3))
                return arena_format(arena, "%s%c%sD%s", province, letter, gap, digits_of(chance, arena, 5));
        return arena_format(arena, "%s%c%s%s%s", province, letter, gap, digits_of(chance, arena, end[0] ? 4 : 5), end);
}

/* Half width digits to full width ones, which hide from a careless eye. */
static char *widened(const char *text, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        for (; *text; text++)
                if (*text >= '0' && *text <= '9')
                        text_put(&out, (uint32_t)*text - '0' + 0xff10);
                else
                        buffer_byte(&out, *text);
        return arena_copy(arena, out.bytes, out.size);
}

/* The same digits as people say them. */
static char *spoken(Chance *chance, const char *text, Arena *arena)
{
        static const char *const numerals[] = { "零〇", "一幺", "二两", "三三", "四四",
                                                "五五", "六六", "七七", "八八", "九九" };
        CLEANUP(buffer_free) Buffer out = { 0 };

        for (; *text; text++)
                if (*text >= '0' && *text <= '9')
                        buffer_add(&out, numerals[*text - '0'] + 3 * chance_below(chance, 2), 3);
                else
                        buffer_byte(&out, *text);
        return arena_copy(arena, out.bytes, out.size);
}

static bool is_numeral(uint32_t point)
{
        static const uint32_t all[] = { 0x96f6, 0x3007, 0x4e00, 0x5e7a, 0x4e8c, 0x4e24, 0x4e09,
                                        0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d };

        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
                if (all[i] == point)
                        return true;
        return false;
}

static bool has_digit(const char *text)
{
        const char *end = text + strlen(text);

        while (text < end) {
                uint32_t point = text_next(&text, end);

                if ((point >= '0' && point <= '9') || (point >= 0xff10 && point <= 0xff19) || is_numeral(point))
                        return true;
        }
        return false;
}

static void secret_holds(Chance *chance, Arena *arena)
{
        static char *(*const makers[])(Chance *, Arena *) = { phone, landline, person, card, mail, plate };
        static const char *const fronts[] = { "", "电话", "联系：", "tel:", "（", "车牌是", "a", "，" };
        static const char *const backs[] = { "", "。", "请回电", "）", ",", "的", "/" };
        const size_t maker = chance_below(chance, 6);
        char *secret = makers[maker](chance, arena);
        CLEANUP(buffer_free) Buffer out = { 0 };
        char *text;

        if (chance_one_in(chance, 5))
                secret = widened(secret, arena);
        else if (maker < 2 && chance_one_in(chance, 4))
                secret = spoken(chance, secret, arena);
        text = arena_format(arena, "%s%s%s", any_of(chance, fronts, 8), secret, any_of(chance, backs, 7));
        must(mask_text(&out, text, NULL, NULL, NULL) && !has_digit(out.bytes), text, out.bytes);
        must(text_points(out.bytes) == text_points(text), "the text keeps its length", text);
}

static void number_holds(Chance *chance, Arena *arena)
{
        size_t size = chance_one_in(chance, 2) ? 20 + chance_below(chance, 40) : 1 + chance_below(chance, 7);
        char *text = arena_format(arena, "工单%s号", digits_of(chance, arena, size));
        CLEANUP(buffer_free) Buffer out = { 0 };

        must(!mask_text(&out, text, NULL, NULL, NULL) && text_same(out.bytes, text), "a number that is nobody's stays",
             text);
}

/* What reports are about: dates and times, amounts, places, rooms, numbers of cases. */
static void plain_holds(Chance *chance, Arena *arena)
{
        const size_t year = 1990 + chance_below(chance, 60), month = 1 + chance_below(chance, 12);
        const size_t day = 1 + chance_below(chance, 28), hour = chance_below(chance, 24);
        CLEANUP(buffer_free) Buffer out = { 0 };
        char *text;

        switch (chance_below(chance, 6)) {
        case 0:
                text = arena_format(arena, "%zu-%02zu-%02zu %02zu:30:15.%03zu", year, month, day, hour, day * 7);
                break;
        case 1:
                text = arena_format(arena, "%zu/%zu/%zu %zu.30 %zu日", year, month, day, hour, day);
                break;
        case 2:
                text = arena_format(arena, "%zu %03zu %03zu %03zu元", 1 + chance_below(chance, 99),
                                    chance_below(chance, 1000), chance_below(chance, 1000), chance_below(chance, 1000));
                break;
        case 3:
                text = arena_format(arena, "118.%07zu, 24.%07zu", chance_below(chance, 10000000),
                                    chance_below(chance, 10000000));
                break;
        case 4:
                text = arena_format(arena, "%zu/%zu/%zu室", 101 + chance_below(chance, 800),
                                    1101 + chance_below(chance, 800), 101 + chance_below(chance, 800));
                break;
        default:
                text = arena_format(arena, "350206%04zu%02zu%02zu%s", year, month, day, digits_of(chance, arena, 7));
        }
        must(!mask_text(&out, text, NULL, NULL, NULL) && text_same(out.bytes, text), "what is no number of a person's",
             text);
}

/* No text makes it fail, and what was masked stays masked. */
static void noise_holds(Chance *chance, Arena *arena)
{
        const char *text = chance_text(chance, arena, 60);
        CLEANUP(buffer_free) Buffer once = { 0 };
        CLEANUP(buffer_free) Buffer twice = { 0 };

        mask_text(&once, text, NULL, NULL, NULL);
        mask_text(&twice, once.bytes, NULL, NULL, NULL);
        must(text_points(once.bytes) == text_points(text), "the text keeps its length", text);
}

int main(void)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Chance chance = chance_start("mask");

        for (int64_t i = 0; i < chance.cases; i++) {
                secret_holds(&chance, arena);
                number_holds(&chance, arena);
                plain_holds(&chance, arena);
                noise_holds(&chance, arena);
                arena_reset(arena);
        }
        return EXIT_SUCCESS;
}
