#include "hub/gbt30428/code.h"

#include "hub/base/text.h"

const char *gbt30428_class(const char *number, const char *name, bool component, Arena *arena)
{
        static const char *const names[2][5] = {
                { "市容环境", "宣传广告", "施工管理", "突发事件", "街面秩序" },
                { "公用设施|公共设施", "道路交通|交通设施", "市容环境", "园林绿化", "其他|其他设施" },
        };
        const size_t size = number ? strspn(number, "0123456789") : 0;

        if ((size == 1 || size == 2) && !number[size])
                return arena_format(arena, "%s%s", size == 1 ? "0" : "", number);
        for (size_t i = 0; i < sizeof(names[0]) / sizeof(names[0][0]); i++)
                if (text_is_one_of(names[component][i], name))
                        return arena_format(arena, "0%zu", i + 1);
        return NULL;
}

const char *gbt30428_code(const char *class, const char *number, bool bare, Arena *arena)
{
        const size_t size = number ? strlen(number) : 0;

        if (!class || !size)
                return number;
        if (size == 3 && class[0] == '0' && class[1] == number[0])
                return arena_format(arena, "0%s", number);
        return size <= 2 && bare ? arena_format(arena, "%s%s%s", class, size == 1 ? "0" : "", number) : number;
}

bool gbt30428_is_code(const char *class, const char *code, bool bare)
{
        return code && (class ? text_starts(code, class) : bare || code[0] == '0');
}
