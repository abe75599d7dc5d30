#include "hub/wording/sign_words.h"

#include "hub/wording/firsts.h"
#include "hub/wording/reading.h"

#include <pthread.h>
#include <string.h>

/* Last words of names, longer ones first: the first that fits counts. */
static const SignWord words[] = {
        { U"拆迁工地", 1 },     { U"建筑工地", 1 },     { U"地铁工地", 1 },     { U"修路工地", 1 },
        { U"旧改工地", 1 },     { U"便利店", 1 },       { U"五金店", 1 },       { U"水果店", 1 },
        { U"理发店", 1 },       { U"美发店", 1 },       { U"奶茶店", 1 },       { U"饮品店", 1 },
        { U"烧烤店", 1 },       { U"火锅店", 1 },       { U"早餐店", 1 },       { U"面包店", 1 },
        { U"蛋糕店", 1 },       { U"文具店", 1 },       { U"服装店", 1 },       { U"童装店", 1 },
        { U"眼镜店", 1 },       { U"手机店", 1 },       { U"洗衣店", 1 },       { U"打印店", 1 },
        { U"快修店", 1 },       { U"修车店", 1 },       { U"洗车场", 1 },       { U"大排档", 1 },
        { U"幼儿园", 1, true }, { U"加油站", 1, true }, { U"公交站", 1, true }, { U"火车站", 1, true },
        { U"地铁站", 1, true }, { U"卫生院", 1, true }, { U"卫生所", 1 },       { U"棋牌室", 1 },
        { U"健身房", 1 },       { U"停车场", 1, true }, { U"菜市场", 1, true }, { U"居委会", 1, true },
        { U"水产行", 1 },       { U"麻将馆", 1 },       { U"小吃店", 1 },       { U"ktv", 2 },
        { U"超市", 2 },         { U"饭店", 2 },         { U"酒店", 2 },         { U"酒楼", 2 },
        { U"酒吧", 2 },         { U"清吧", 2 },         { U"网吧", 2 },         { U"网咖", 2 },
        { U"茶庄", 2 },         { U"茶馆", 2 },         { U"面馆", 2 },         { U"餐厅", 2 },
        { U"餐馆", 2 },         { U"小吃", 2 },         { U"食堂", 2 },         { U"花店", 2 },
        { U"药店", 2 },         { U"药房", 2 },         { U"诊所", 2 },         { U"商店", 2 },
        { U"商行", 2 },         { U"宾馆", 2 },         { U"旅馆", 2 },         { U"银行", 2 },
        { U"会所", 2 },         { U"工厂", 2 },         { U"工地", 2 },         { U"天桥", 2, true },
        { U"广场", 2, true },   { U"商场", 2 },         { U"公司", 2 },         { U"市场", 2, true },
        { U"小区", 2 },         { U"社区", 2, true },   { U"花园", 2 },         { U"公寓", 2 },
        { U"新村", 2 },         { U"家园", 2 },         { U"雅苑", 2 },         { U"大厦", 2 },
        { U"公园", 2, true },   { U"学校", 2, true },   { U"小学", 2, true },   { U"中学", 2, true },
        { U"大学", 2, true },   { U"医院", 2, true },   { U"中心", 2, true },   { U"站", 2, true },
        { U"店", 2 },           { U"馆", 2 },           { U"铺", 2 },           { U"坊", 2 },
        { U"苑", 2 },
};

/* Where an address ends with one it names the seat of an office, which stands for what it governs. */
static const uint32_t seats[][4] = { U"政府", U"街道办", U"办事处", U"管委会", U"派出所", U"村委会" };

/* A name does not hold these: particles, prepositions, verbs that a place follows. */
static const uint32_t breaks[] = U"的在旁有是从了这与住于把被对靠到等去往跟诉挂堆摆进出伸";
static const uint32_t phrases[][3] = { U"靠近", U"附近", U"临近", U"旁边", U"对面", U"隔壁", U"门口",
                                       U"门前", U"前面", U"后面", U"里面", U"外面", U"下面", U"边上",
                                       U"路边", U"楼下", U"有家", U"这家", U"一家" };

static Firsts of_words, of_breaks;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void firsts_make(void)
{
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                firsts_add(&of_words, words[i].points[0]);
        for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
                firsts_add(&of_breaks, phrases[i][0]);
        for (size_t i = 0; breaks[i]; i++)
                firsts_add(&of_breaks, breaks[i]);
}

static bool may_begin(const Firsts *firsts, uint32_t point)
{
        pthread_once(&once, firsts_make);
        return firsts_may(firsts, point);
}

/* 店里, 店主, 店面: what belongs to a shop that is not named here. */
static bool goes_on(const uint32_t *points, size_t size, size_t end)
{
        static const uint32_t after[] = U"里主家员面外内";

        for (size_t i = 0; end < size && after[i]; i++)
                if (points[end] == after[i])
                        return true;
        return false;
}

const SignWord *sign_word_at(const uint32_t *points, size_t size, size_t at, size_t *length)
{
        if (at >= size || !may_begin(&of_words, points[at]))
                return NULL;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                size_t n = 0;

                while (words[i].points[n] && at + n < size && points[at + n] == words[i].points[n])
                        n++;
                *length = n;
                if (!words[i].points[n] && !(n == 1 && goes_on(points, size, at + 1)))
                        return &words[i];
        }
        return NULL;
}

size_t sign_break_at(const uint32_t *points, size_t size, size_t at)
{
        if (may_begin(&of_breaks, points[at])) {
                for (size_t i = 0; i < sizeof phrases / sizeof *phrases && at + 1 < size; i++)
                        if (points[at] == phrases[i][0] && points[at + 1] == phrases[i][1])
                                return 2;
                for (size_t i = 0; breaks[i]; i++)
                        if (breaks[i] == points[at])
                                return 1;
        }
        return reading_is_gap(points[at]) && !reading_is_latin(points[at]);
}

static bool ends_seat(const uint32_t *points, size_t end)
{
        for (size_t i = 0; i < sizeof seats / sizeof *seats; i++) {
                const size_t size = seats[i][2] ? 3 : 2;

                if (end >= size && memcmp(points + end - size, seats[i], size * sizeof *points) == 0)
                        return true;
        }
        return false;
}

bool sign_ends_mark(const uint32_t *points, size_t end)
{
        if (ends_seat(points, end))
                return true;
        for (size_t at = end > 5 ? end - 5 : 0; at < end; at++) {
                size_t length;
                const SignWord *word = sign_word_at(points, end, at, &length);

                if (word && word->mark && (at + length == end || (points[end - 1] == U'门' && at + length + 2 == end)))
                        return true;
        }
        return false;
}
