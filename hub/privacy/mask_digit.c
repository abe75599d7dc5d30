/* What a digit is, in every writing that people reach for, and what nobody sees of a text. */

#include "hub/privacy/mask_digit.h"

#include <stddef.h>

enum { CJK = 0x4e00, CJK_END = 0xa000, LATIN_SUPERSCRIPTS = 0xb2 };

typedef struct {
        uint32_t from, to;
        int digit; /* of `from`; those behind it count up to 9 and begin anew with 0 */
} Range;

static int numeral(uint32_t point)
{
        switch (point) {
        case 0x96f6: /* 零 */
        case 0x6d1e: /* 洞 */
                return 0;
        case 0x4e00: /* 一 */
        case 0x5e7a: /* 幺 */
        case 0x58f9: /* 壹 */
                return 1;
        case 0x4e8c: /* 二 */
        case 0x4e24: /* 两 */
        case 0x8d30: /* 贰 */
        case 0x8cb3: /* 貳 */
                return 2;
        case 0x4e09: /* 三 */
        case 0x53c1: /* 叁 */
        case 0x53c3: /* 參 */
                return 3;
        case 0x56db: /* 四 */
        case 0x8086: /* 肆 */
                return 4;
        case 0x4e94: /* 五 */
        case 0x4f0d: /* 伍 */
                return 5;
        case 0x516d: /* 六 */
        case 0x9646: /* 陆 */
        case 0x9678: /* 陸 */
                return 6;
        case 0x4e03: /* 七 */
        case 0x67d2: /* 柒 */
        case 0x62d0: /* 拐 */
                return 7;
        case 0x516b: /* 八 */
        case 0x634c: /* 捌 */
                return 8;
        case 0x4e5d: /* 九 */
        case 0x7396: /* 玖 */
        case 0x52fe: /* 勾 */
                return 9;
        default:
                return -1;
        }
}

/* Superscripts and subscripts, the scripts of Asia, circles, brackets and points, full width, mathematics. */
static int decorated(uint32_t point)
{
        static const Range ranges[] = {
                { 0xb2, 0xb3, 2 },       { 0xb9, 0xb9, 1 },       { 0x660, 0x669, 0 },     { 0x6f0, 0x6f9, 0 },
                { 0x966, 0x96f, 0 },     { 0x9e6, 0x9ef, 0 },     { 0xe50, 0xe59, 0 },     { 0xf20, 0xf29, 0 },
                { 0x1810, 0x1819, 0 },   { 0x2070, 0x2070, 0 },   { 0x2074, 0x2079, 4 },   { 0x2080, 0x2089, 0 },
                { 0x2460, 0x2468, 1 },   { 0x2474, 0x247c, 1 },   { 0x2488, 0x2490, 1 },   { 0x24ea, 0x24ea, 0 },
                { 0x24f5, 0x24fd, 1 },   { 0x24ff, 0x24ff, 0 },   { 0x25cb, 0x25cb, 0 },   { 0x2776, 0x277e, 1 },
                { 0x2780, 0x2788, 1 },   { 0x278a, 0x2792, 1 },   { 0x3007, 0x3007, 0 },   { 0x3220, 0x3228, 1 },
                { 0x3280, 0x3288, 1 },   { 0xff10, 0xff19, 0 },   { 0x1d7ce, 0x1d7ff, 0 }, { 0x1f100, 0x1f100, 0 },
                { 0x1f101, 0x1f10a, 0 }, { 0x1f10b, 0x1f10c, 0 },
        };

        for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && point >= ranges[i].from; i++)
                if (point <= ranges[i].to)
                        return (int)(((uint32_t)ranges[i].digit + point - ranges[i].from) % 10);
        return -1;
}

int mask_digit(uint32_t point)
{
        if (point >= '0' && point <= '9')
                return (int)point - '0';
        if (point < LATIN_SUPERSCRIPTS)
                return -1;
        return point >= CJK && point < CJK_END ? numeral(point) : decorated(point);
}

bool mask_is_unseen(uint32_t point)
{
        if (point >= CJK && point < CJK_END)
                return false;
        if (point < 0xad)
                return (point < ' ' && (point < '\t' || point > '\r')) || point == 0x7f;
        return point == 0xad || (point >= 0x300 && point <= 0x36f) || point == 0x115f || point == 0x1160 ||
               (point >= 0x180b && point <= 0x180e) || (point >= 0x200b && point <= 0x200f) ||
               (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
               (point >= 0x20d0 && point <= 0x20ff) || point == 0x3164 || (point >= 0xfe00 && point <= 0xfe0f) ||
               point == 0xfeff || point == 0xffa0 || (point >= 0xe0000 && point <= 0xe01ef);
}
