#include "adapters/list.h"

#include "hub/base/text.h"

const Adapter *const adapters[] = {
#define ADAPTER_NAMED(name, ...) &name,
#define ADAPTER(...)             ADAPTER_NAMED(__VA_ARGS__, )
#include "adapters/list.def"
        NULL
};

const Adapter *adapter_find(const char *name)
{
        for (size_t i = 0; adapters[i]; i++)
                if (text_same(adapters[i]->name, name))
                        return adapters[i];
        return NULL;
}
