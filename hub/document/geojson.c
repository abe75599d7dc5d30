#include "hub/document/geojson.h"

#include "hub/base/charset.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

static bool is_grid(Crs crs)
{
        return crs != CRS_WGS84 && crs != CRS_GCJ02 && crs != CRS_BD09 && crs != CRS_CGCS2000;
}

static bool names_another(const char *text, Crs crs)
{
        const char *end = strstr(text, "\"features\""), *at = strstr(text, "\"crs\"");
        const char *name = at ? strstr(at, "\"name\"") : NULL, *declared = NULL;
        size_t size = name && (!end || name < end) ? strcspn(name, "}") : 0; /* behind them it is a spot's */

        if (!size || is_grid(crs))
                return false;
        if (memmem(name, size, "4490", 4))
                declared = "cgcs2000";
        else if (memmem(name, size, "4326", 4) || memmem(name, size, "CRS84", 5))
                declared = "wgs84";
        return !text_same(declared, crs_name(crs));
}

bool geojson_is_of_another(const Record *record, Crs crs)
{
        CLEANUP(buffer_free) Buffer decoded = { 0 };
        const bool wide = record->size && (unsigned char)record->bytes[0] >= 0xfe; /* UTF-16, by its mark */
        size_t repaired;
        Error unread;

        if (!wide)
                return names_another(record->bytes, crs);
        return charset_decode(&decoded, record->content_type, record->bytes, record->size, &repaired, &unread) &&
               names_another(decoded.bytes ? decoded.bytes : "", crs);
}
