#include "tests/bench/cost_city.h"

#include <math.h>

enum { BLOCK_M = 500, WORD = 3 }; /* a block has roads and estates of its own; bytes of a character */

typedef struct {
        const char *code, *name;
        const char *said[4];
} Problem;

static const Problem problems[] = {
        { "E0504",
          "店外经营",
          { "店铺把桌椅摆到人行道上", "占道摆摊影响行人通行", "烧烤店跨门经营", "水果店把货堆在盲道上" } },
        { "E0102",
          "暴露垃圾",
          { "垃圾桶满溢无人清理", "路边堆了一地生活垃圾", "垃圾散落臭味很大", "绿化带里倒了垃圾" } },
        { "E0110", "道路破损", { "路面坑洼不平", "人行道地砖破损松动", "路面破了一个大洞", "沥青路面开裂下沉" } },
        { "E0404",
          "下水道堵塞",
          { "污水从井盖冒出来", "下水道堵塞污水横流", "雨水井堵死排不走水", "化粪池满溢没人抽" } },
        { "E0406", "道路积水", { "一下雨就积水过脚踝", "路口积水车辆熄火", "低洼处积水多日不退", "地下车库进水" } },
        { "E0505",
          "机动车乱停放",
          { "小车停在消防通道", "货车长期占用公共车位", "车辆违停堵住小区出口", "人行道上停满汽车" } },
        { "E0506",
          "非机动车乱停放",
          { "共享单车乱停占满盲道", "电动车停在楼道充电", "单车堆放挡住公交站", "电动自行车飞线充电" } },
        { "E0301",
          "施工扰民",
          { "半夜还在打桩施工", "工地凌晨切割钢筋噪音大", "装修电钻声午休不停", "夜间混凝土浇筑扰民" } },
        { "E0302", "工地扬尘", { "裸土没有覆盖尘土飞扬", "渣土车带泥上路", "工地没有喷淋降尘", "拆迁现场灰尘很大" } },
        { "E0116", "油烟污染", { "楼下餐馆油烟直排", "烧烤油烟呛得开不了窗", "油烟管道对着住户", "大排档油烟味熏人" } },
        { "E0101", "私搭乱建", { "楼顶搭建铁皮房", "一楼住户围院子占绿地", "阳台外扩改变外立面", "公共通道砌墙占用" } },
        { "E0201",
          "非法小广告",
          { "电线杆贴满小广告", "楼道墙面被喷办证电话", "公交站牌被贴牛皮癣", "地面喷涂开锁广告" } },
};

/* What a road or an estate may be called: any two of these. */
static const char first[] =
        "枋湖薛岭吕禾山江头金尚钟宅五缘高崎殿前县后寨上塘边蔡浦园林仙岳莲坂松柏湖明发嘉盛祥和平安兴隆福寿康宁永春泰长乐"
        "龙凤虎鹤云霞晨曦星辰海天蓝碧翠青秀丽华美景观澜听涛望月揽胜卧石听泉清溪曲水流芳桃李梅兰竹菊荷桂榕樟桐槐杨柳枫杉"
        "棕榈"
        "东西南北中左右内外大小老新古今文武仁义礼智信忠孝廉德善诚朴厚博学勤思行健自强图远宏伟建业创展腾飞跃进同心共荣集"
        "美翔";
static const char second[] =
        "里坑坪坝洋港澳屿礁滩沙洲埔墩岗坡岩峰峦谷洞井泉池潭渠沟涧湾汀渚堤岸码渡口津关隘亭台楼阁轩榭馆院堂祠庙寺观塔坊牌"
        "门巷弄厝宅屋舍房厂矿窑炉站场圩集铺店栈仓库粮油盐茶丝绸布帛锦绣珠玉珍宝金银铜铁锡铅石木竹藤麻棉菜果瓜豆稻麦黍"
        "粟";
static const char *const roads[] = { "路", "街", "巷", "大道" };
static const char *const estates[] = { "小区", "花园", "苑", "公寓", "新村", "家园", "广场", "市场" };
static const char *const shops[] = { "烧烤店", "理发店", "便利店", "奶茶店", "汽修厂",
                                     "五金店", "幼儿园", "网吧",   "茶庄",   "超市" };
static const char *const wishes[] = { "请尽快处理",       "希望部门来管一管", "多次反映无果", "住户意见很大",
                                      "老人小孩走路危险", "已经持续好几天",   "要求给个答复", "之前打过电话没人来",
                                      "严重影响休息",     "请派人到现场看看" };

#define SIZE(list) (sizeof(list) / sizeof *(list))

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mixed(uint64_t value)
{
        value += 0x9e3779b97f4a7c15;
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
}

static uint64_t next(uint64_t *seed, uint64_t below)
{
        *seed = mixed(*seed);
        return *seed % below;
}

static const char *name(Arena *arena, uint64_t seed, const char *last)
{
        return arena_format(arena, "%.3s%.3s%s", first + next(&seed, (sizeof first - 1) / WORD) * WORD,
                            second + next(&seed, (sizeof second - 1) / WORD) * WORD, last);
}

City city_of(uint64_t reports)
{
        return (City){ reports, (uint64_t)ceil(sqrt((double)reports)) };
}

/* Metres east and north of the corner; the reports of a row do not come one after another. */
static void place(const City *city, uint64_t number, uint64_t *seed, double *east, double *north)
{
        const double step = 1000 / sqrt(CITY_DENSITY);
        const uint64_t all = city->side * city->side, at = number % all * 2654435761 % all;

        *east = ((double)(at % city->side) + (double)next(seed, 1000) / 1000) * step;
        *north = ((double)(at / city->side) + (double)next(seed, 1000) / 1000) * step;
}

/* Five in a hundred stand for an area, eleven are letters without a position. */
static void position(Event *event, double east, double north, uint64_t kind, uint64_t *seed)
{
        if (kind < 11)
                return;
        const bool wide = kind < 16;
        const double accuracy = wide ? 200 + (double)next(seed, 1800) : 5 + (double)next(seed, 60);
        const double off = accuracy / 2;

        event->position.method = wide ? POSITION_AREA : POSITION_GPS;
        event->position.accuracy_m = accuracy;
        event->position.lon = 118.11 + (east + off * ((double)next(seed, 200) / 100 - 1)) / 101300.0;
        event->position.lat = 24.51 + (north + off * ((double)next(seed, 200) / 100 - 1)) / 110800.0;
}

static void texts(Event *event, const Problem *problem, uint64_t block, uint64_t kind, uint64_t *seed, uint64_t *own,
                  Arena *arena)
{
        const char *road = name(arena, mixed(block * 8 + next(seed, 3)), roads[block % SIZE(roads)]),
                   *estate = name(arena, mixed(block * 8 + 3 + next(seed, 4)), estates[next(seed, SIZE(estates))]),
                   *shop = name(arena, next(seed, UINT64_MAX), shops[next(seed, SIZE(shops))]);
        const unsigned house = (unsigned)next(seed, 300) + 1;
        const char *said = problem->said[next(own, SIZE(problem->said))],
                   *more = problem->said[next(own, SIZE(problem->said))];

        event->category.name = problem->name;
        event->title = kind < 11 || next(own, 2) ? arena_format(arena, "%s%s%s", road, estate, said) : problem->name;
        event->description = arena_format(arena, "%s%u号%s门口%s，%s，%s，%s。", road, house, shop, said, estate,
                                          said == more ? "情况属实" : more, wishes[next(own, SIZE(wishes))]);
        if (next(own, 10) < 4)
                event->place.address = arena_format(arena, "湖里区%s%u号", road, house);
}

static void object(Event *event, uint64_t seed, Arena *arena)
{
        static const ObjectKind kinds[] = { OBJECT_PLATE, OBJECT_BIKE, OBJECT_ASSET, OBJECT_STALL };

        if (next(&seed, 10) == 0)
                event_add_object(event, kinds[next(&seed, 4)],
                                 arena_format(arena, "p1:%llx", (unsigned long long)seed));
}

void city_report(const City *city, uint64_t number, uint64_t again, Arena *arena, EventValue *out)
{
        uint64_t seed = mixed(number), own = mixed(number ^ again << 40);
        const Problem *problem = &problems[next(&seed, SIZE(problems))];
        const uint64_t kind = next(&own, 100);
        double east, north;
        Event *event = &out->event;

        *out = (EventValue){ .kind = KIND_REPORT, .zone = "350206" };
        event_init(event, KIND_REPORT);
        place(city, number, &seed, &east, &north);
        event->platform = next(&own, 3) ? "hotline" : "grid";
        event->zone = out->zone;
        event->source.id = arena_format(arena, "%llu-%llu", (unsigned long long)number, (unsigned long long)again);
        event->subject = arena_format(arena, "%s::%s", event->platform, event->source.id);
        out->id = event->id = arena_format(arena, "%s:1", event->subject);
        event->source.channel = "phone";
        event->status.state = STATE_RECEIVED;
        event->severity = SEVERITY_MEDIUM;
        event->category.code = problem->code;
        position(event, east, north, kind, &own);
        texts(event, problem, (uint64_t)(east / BLOCK_M) << 32 | (uint64_t)(north / BLOCK_M), kind, &seed, &own, arena);
        object(event, seed, arena);
}
