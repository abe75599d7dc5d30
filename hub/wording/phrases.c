#include "hub/wording/phrases.h"

#include "hub/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 64 };

/* value: the choice that the phrase is of; NULL: every other value. */
typedef struct {
        const char *feature, *value;
        Phrase phrase;
} Saying;

static const Saying sayings[] = {
        { "prior",
          NULL,
          { "before any evidence: most reports near by are of other problems", "基础分：附近的上报多数不是同一件事" } },
        { "rate", NULL, { "how often reports of this category are duplicates", "该类别的上报有多常重复" } },
        { "category", "same", { "the same category", "类别相同" } },
        { "category", "related", { "related categories", "类别相近" } },
        { "category", "other", { "different categories", "类别不同" } },
        { "category", "absent", { "neither platform names a category", "双方平台均未注明类别" } },
        { "far", "yes", { "over 20 m apart, for this category", "相距超过 20 米（就该类别而言）" } },
        { "far", "no", { "not over 20 m apart, for this category", "相距不超过 20 米（就该类别而言）" } },
        { "said", "yes", { "similar words, for this category", "用语相近（就该类别而言）" } },
        { "said", "no", { "no similar words, for this category", "用语不相近（就该类别而言）" } },
        { "thing", "yes", { "the number of the same thing, for this category", "同一物件的编号（就该类别而言）" } },
        { "thing", "no", { "no number of the same thing, for this category", "没有同一物件的编号（就该类别而言）" } },
        { "distance",
          "absent",
          { "one of them has no position, or both stand on a point that many share",
            "其中一方没有坐标，或双方同在多件事共用的坐标点上" } },
        { "distance", NULL, { "{} m apart", "相距 {} 米" } },
        { "named", "absent", { "not both name one house or sign", "双方没有写明同一门牌或招牌" } },
        { "named",
          NULL,
          { "both name one house or sign: {} m say less", "双方写明同一门牌或招牌，相距 {} 米影响较小" } },
        { "accuracy", "absent", { "how good the positions are is not known", "坐标精度不明" } },
        { "accuracy", NULL, { "both positions together good to {} m", "两处坐标合计误差 {} 米" } },
        { "age", "absent", { "when one of them occurred is not known", "其中一方发生时间不明" } },
        { "age", NULL, { "{} between the two", "两者相隔 {}" } },
        { "burst", "none", { "not within 20 minutes of each other", "不在 20 分钟之内" } },
        { "burst", "point", { "within 20 minutes on one spot", "20 分钟内、同一地点" } },
        { "burst", "near", { "within 20 minutes and 20 m", "20 分钟内、20 米内" } },
        { "burst",
          "apart",
          { "within 20 minutes, over 20 m apart: several things of one round",
            "20 分钟内、相距超过 20 米：一次巡查报的多件事" } },
        { "object", "absent", { "no number of a thing in both", "双方没有可比的物件编号" } },
        { "object", "equal", { "the same {}", "{}相同" } },
        { "object", "different", { "another {}", "{}不同" } },
        { "text", "absent", { "one of them says nothing", "其中一方没有文字" } },
        { "text", NULL, { "words alike by {}", "全文相似 {}" } },
        { "title", "absent", { "one of them has no title", "其中一方没有标题" } },
        { "title", NULL, { "titles alike by {}", "标题相似 {}" } },
        { "rare", "absent", { "no rare words to compare", "没有少见用语可比" } },
        { "rare", "0", { "no rare words in common", "没有共同的少见用语" } },
        { "rare", NULL, { "{} rare words in common", "有 {} 处共同的少见用语" } },
        { "shared", "absent", { "no words to look for names in", "没有可找名称的文字" } },
        { "shared", NULL, { "rare words in common, how rare: {}", "共有的少见用语，罕见程度：{}" } },
        { "sign", "absent", { "no shop, estate or building named in both", "双方没有都写明店名、小区或楼栋" } },
        { "sign", "same", { "the same shop, estate or building is named", "写的是同一店名、小区或楼栋" } },
        { "sign", "part", { "one name stands within the other", "一方的名称包含另一方的名称" } },
        { "sign", "slip", { "names that differ in one character", "名称只差一个字" } },
        { "sign", "estate", { "the same estate, no building on one side", "同一小区、一方没有楼栋号" } },
        { "sign", "other_building", { "another building of the same estate", "同一小区、不同楼栋" } },
        { "sign", "different", { "different shops, estates or buildings are named", "写的是不同店名、小区或楼栋" } },
        { "sign", "mark", { "the same landmark near by", "附近是同一地标" } },
        { "sign", "other_mark", { "different landmarks near by", "附近是不同地标" } },
        { "place", "absent", { "no place named in both", "双方没有都写明地名" } },
        { "place", "same", { "the same place is named", "写的是同一地名" } },
        { "place", "different", { "different places are named", "写的是不同地名" } },
        { "area", "absent", { "no district named in both", "双方没有都写明辖区" } },
        { "area", "town", { "the same town is named", "写的是同一街镇" } },
        { "area", "district", { "the same district is named", "写的是同一辖区" } },
        { "area", "different", { "different districts are named", "写的是不同辖区" } },
        { "address", "absent", { "no address in both", "双方没有都写明地址" } },
        { "address", "same", { "the same street and house number", "同一道路、同一门牌" } },
        { "address", "street", { "the same street, not the same house number", "同一道路、门牌不同" } },
        { "address", "different", { "different streets", "道路不同" } },
        { "address", "house", { "the same road and house number", "同一道路、同一门牌号" } },
        { "address", "other_house", { "the same road, another house number", "同一道路、不同门牌号" } },
        { "address", "road", { "the same road, no house number on one side", "同一道路、一方没有门牌号" } },
        { "address", "other_road", { "another road", "不同道路" } },
        { "channel", "same", { "through the same channel", "来自同一渠道" } },
        { "channel", "other", { "through different channels", "来自不同渠道" } },
        { "reporter", "absent", { "who reported is not known of both", "双方报告人不全" } },
        { "reporter", "same", { "the same person reported", "同一人报告" } },
        { "reporter", "template", { "one person's usual words about another place", "同一人的惯用文字，写的是别处" } },
        { "reporter", "different", { "different people reported", "不同的人报告" } },
        { "repeat", "text", { "the very same long text near by", "附近一字不差的长文" } },
        { "repeat",
          "point",
          { "one point, where unlike things are told of", "同一点位，但该点位上反映的是各不相同的事" } },
        { "repeat",
          "nowhere",
          { "like words, but nothing says that it is the same place", "文字相近，但没有任何地点相同的依据" } },
        { "repeat", "none", { "not the very same text", "文字并非一字不差" } },
        { "neighbours", "absent", { "it has no position to look around", "没有坐标，周边情况不明" } },
        { "neighbours", NULL, { "{} open incidents of its category within 50 m", "50 米内有 {} 件同类未结案件" } },
        { "density", "absent", { "it has no position to look around", "没有坐标，周边情况不明" } },
        { "density", NULL, { "{} open incidents of its category within 150 m", "150 米内有 {} 件同类未结案件" } },
        { "registry",
          "in_force",
          { "a permit or licence is in force there: a step less grave", "该处有有效的许可或登记：降一级" } },
        { "registry",
          "lapsed",
          { "a permit or licence there has run out: a step graver", "该处的许可或登记已到期：升一级" } },
        { "registry",
          "off_hours",
          { "a stall is licensed there, but not at that hour", "该处有登记摊位，但不在营业时间内" } },
        { "registry",
          "place",
          { "it has no position of its own: that of the registry", "没有自带坐标：取自登记信息" } },
        { "warning", "in_force", { "a weather warning is in force: a step graver", "气象预警生效中：升一级" } },
        { "crowd", "absent", { "it has no position", "没有坐标" } },
        { "crowd", NULL, { "{} other things on the very same point", "同一坐标点上另有 {} 件别的事" } },
};

typedef struct {
        const char *name;
        Phrase phrase;
} Named;

static const Named things[] = {
        { "plate", { "number plate", "车牌" } },    { "bike", { "bicycle number", "单车编号" } },
        { "device", { "device", "设备编号" } },     { "camera", { "camera", "摄像头编号" } },
        { "stall", { "stall", "摊位编号" } },       { "case", { "case number", "工单编号" } },
        { "building", { "building", "楼栋编号" } }, { "asset", { "asset number", "部件编号" } },
};

static const Named states[] = {
        { "received", { "received", "已受理" } },      { "filed", { "filed", "已立案" } },
        { "dispatched", { "dispatched", "已派遣" } },  { "processing", { "in progress", "处理中" } },
        { "feedback", { "reported back", "已反馈" } }, { "verifying", { "being verified", "核查中" } },
        { "closed", { "closed", "已结案" } },          { "void", { "void", "已作废" } },
        { "suspended", { "suspended", "已挂起" } },    { "rejected", { "rejected", "不予受理" } },
        { "deleted", { "deleted", "已删除" } },
};

static const Named severities[] = {
        { "info", { "information", "提示" } },       { "low", { "low severity", "较轻" } },
        { "medium", { "medium severity", "一般" } }, { "high", { "high severity", "较重" } },
        { "critical", { "critical", "紧急" } },
};

static void filled(Buffer *out, const char *text, const char *const *values)
{
        for (const char *hole; (hole = strstr(text, "{}")) && *values; text = hole + 2) {
                buffer_add(out, text, (size_t)(hole - text));
                buffer_text(out, *values++);
        }
        buffer_text(out, text);
}

void phrase_write(Buffer *out, Language language, Phrase phrase, const char *const *values)
{
        static const char *const none[] = { NULL };

        if (language != LANGUAGE_ENGLISH)
                filled(out, phrase.chinese, values ? values : none);
        if (language == LANGUAGE_BOTH)
                buffer_text(out, " / ");
        if (language != LANGUAGE_CHINESE)
                filled(out, phrase.english, values ? values : none);
}

static Phrase named(const Named *list, size_t size, const char *name)
{
        for (size_t i = 0; i < size; i++)
                if (text_same(list[i].name, name))
                        return list[i].phrase;
        return (Phrase){ name, name };
}

Phrase state_phrase(const char *state)
{
        return named(states, sizeof states / sizeof *states, state);
}

Phrase severity_phrase(const char *severity)
{
        return named(severities, sizeof severities / sizeof *severities, severity);
}

static const Saying *saying_find(const char *feature, const char *value)
{
        for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
                if (text_same(sayings[i].feature, feature) && (!sayings[i].value || text_same(sayings[i].value, value)))
                        return &sayings[i];
        return NULL;
}

/* A phrase whose value reads differently in the two languages. */
static void both_write(Buffer *out, Language language, Phrase phrase, Phrase value)
{
        if (language != LANGUAGE_ENGLISH)
                phrase_write(out, LANGUAGE_CHINESE, phrase, (const char *[]){ value.chinese, NULL });
        if (language == LANGUAGE_BOTH)
                buffer_text(out, " / ");
        if (language != LANGUAGE_CHINESE)
                phrase_write(out, LANGUAGE_ENGLISH, phrase, (const char *[]){ value.english, NULL });
}

static void age_write(Buffer *out, Language language, Phrase phrase, int64_t minutes)
{
        char english[TEXT_SIZE], chinese[TEXT_SIZE];
        const int64_t hours = (minutes + 30) / 60, days = (hours + 12) / 24;
        const bool in_days = hours >= 48, in_hours = minutes >= 90;

        snprintf(english, sizeof english, "%" PRId64 " %s",
                 in_days    ? days
                 : in_hours ? hours
                            : minutes,
                 in_days    ? "days"
                 : in_hours ? "h"
                            : "min");
        snprintf(chinese, sizeof chinese, "%" PRId64 " %s",
                 in_days    ? days
                 : in_hours ? hours
                            : minutes,
                 in_days    ? "天"
                 : in_hours ? "小时"
                            : "分钟");
        both_write(out, language, phrase, (Phrase){ english, chinese });
}

/* "plate_equal" */
static void object_write(Buffer *out, Language language, const char *value)
{
        const char *end = strrchr(value, '_');
        char kind[TEXT_SIZE];

        snprintf(kind, sizeof kind, "%.*s", end ? (int)(end - value) : 0, value);
        const Saying *saying = saying_find("object", end ? end + 1 : value);
        both_write(out, language, saying ? saying->phrase : (Phrase){ value, value },
                   named(things, sizeof things / sizeof *things, kind));
}

static const char *value_text(const json_t *value, char text[TEXT_SIZE])
{
        if (json_is_string(value))
                return json_string_value(value);
        snprintf(text, TEXT_SIZE, "%.10g", json_number_value(value));
        return text;
}

void reason_write(Buffer *out, Language language, const json_t *reason)
{
        const char *feature = json_string_value(json_object_get(reason, "feature"));
        const json_t *number = json_object_get(reason, "value");
        char text[TEXT_SIZE], percent[TEXT_SIZE];
        const char *value = value_text(number, text);
        const Saying *saying = saying_find(feature ? feature : "", value);

        if (text_same(feature, "object")) {
                object_write(out, language, value);
        } else if (!saying) {
                buffer_format(out, "%s: %s", feature ? feature : "-", value);
        } else if (text_same(feature, "age")) {
                age_write(out, language, saying->phrase, (int64_t)json_number_value(number));
        } else if (json_is_number(number) && (text_same(feature, "text") || text_same(feature, "title"))) {
                snprintf(percent, sizeof percent, "%.0f %%", json_number_value(number) / 10);
                phrase_write(out, language, saying->phrase, (const char *[]){ percent, NULL });
        } else {
                phrase_write(out, language, saying->phrase, (const char *[]){ value, NULL });
        }
}

json_t *reason_words(const json_t *reason)
{
        json_t *words = json_object();
        Buffer text = { 0 };

        reason_write(&text, LANGUAGE_CHINESE, reason);
        json_object_set_new(words, "zh", json_stringn(text.bytes, text.size));
        buffer_clear(&text);
        reason_write(&text, LANGUAGE_ENGLISH, reason);
        json_object_set_new(words, "en", json_stringn(text.bytes, text.size));
        buffer_free(&text);
        return words;
}
