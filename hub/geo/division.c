#include "hub/geo/division.h"

#include <string.h>

bool division_is(const char *code)
{
        const size_t size = code ? strspn(code, "0123456789") : 0;

        return (size == 6 || size == 9 || size == 12) && !code[size] && code[0] != '0';
}

/* Its digits without the pairs of zeros at its end, which say "all". */
static size_t division_size(const char *code)
{
        size_t size = strlen(code);

        while (size > 2 && code[size - 1] == '0' && code[size - 2] == '0')
                size -= 2;
        return size;
}

bool division_covers(const char *code, const char *other)
{
        const size_t one = division_size(code), two = division_size(other);

        return strncmp(code, other, one < two ? one : two) == 0;
}
