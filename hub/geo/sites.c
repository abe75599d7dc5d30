#include "hub/geo/sites.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct Sites {
        Csv table; /* the texts are its cells */
        Site *items;
        Map *first, *last; /* of each device: borrow from items */
        Map *systems;
};

static bool limit_load(Site *site, const Csv *table, size_t row, Error *err)
{
        const char *text = registry_cell(table, row, "limit");

        site->limit = (double)NAN;
        if (registry_is_absent(text))
                return true;
        if (!text_read_number(text, &site->limit) || site->limit <= 0)
                return csv_error(table, row, err, "limit: \"%s\" is no number above 0", text);
        return site->factor[0] || csv_error(table, row, err, "a limit without a factor");
}

static bool period_load(Site *site, const Csv *table, size_t row, Error *err)
{
        Error why = { 0 };

        site->period_ms = SITE_PERIOD_ALL;
        if (registry_is_absent(site->period))
                site->period = "";
        else if (text_same(site->period, "rtd"))
                site->period_ms = SITE_PERIOD_MOMENT;
        else if (!time_read_duration(site->period, &site->period_ms, &why))
                return csv_error(table, row, err, "period: \"%s\" is neither rtd nor a duration such as 10min",
                                 site->period);
        return true;
}

static bool kind_load(Site *site, const Csv *table, size_t row, Error *err)
{
        site->kind = registry_cell(table, row, "kind");
        if (registry_is_absent(site->kind))
                site->kind = "";
        return !site->kind[0] || text_among("dust|fume|noise", site->kind, strlen(site->kind)) ||
               csv_error(table, row, err, "kind: \"%s\" is neither dust, fume nor noise", site->kind);
}

/* The same twice: which limit would hold? A device tells a factor in one unit, whatever the period. */
static const char *contradiction(const Site *first, const Site *site)
{
        for (; first; first = first->next) {
                if (!text_same(first->factor, site->factor))
                        continue;
                if (text_same(first->period, site->period))
                        return "is there twice";
                if (!text_same(first->unit, site->unit))
                        return "is there with two units";
        }
        return NULL;
}

static void chain(Sites *sites, Site *site)
{
        Site *first = map_get_text(sites->first, site->mn), *last = map_get_text(sites->last, site->mn);

        if (last)
                last->next = site;
        else
                map_put_text(sites->first, site->mn, site);
        map_put_text(sites->last, site->mn, site);
        if (first && !first->at.positioned)
                first->at = site->at;
}

static bool site_load(Sites *sites, Site *site, size_t row, Error *err)
{
        const Csv *table = &sites->table;
        const char *wrong;

        *site = (Site){
                .mn = registry_cell(table, row, "mn"),
                .name = registry_cell(table, row, "name"),
                .factor = registry_cell(table, row, "factor"),
                .unit = registry_cell(table, row, "unit"),
                .period = registry_cell(table, row, "period"),
        };
        if (!site->mn[0])
                return csv_error(table, row, err, "mn is empty");
        if (registry_is_absent(site->factor))
                site->factor = "";
        if (!limit_load(site, table, row, err) || !period_load(site, table, row, err) ||
            !kind_load(site, table, row, err) || !registry_position(table, row, sites->systems, &site->at, err))
                return false;
        wrong = contradiction(sites_find(sites, site->mn), site);
        if (wrong)
                return csv_error(table, row, err, "mn \"%s\", factor \"%s\" %s", site->mn, site->factor, wrong);
        chain(sites, site);
        return true;
}

static void sites_drop(Sites **sites)
{
        sites_free(*sites);
        *sites = NULL;
}

Sites *sites_load(const char *path, Error *err)
{
        static const char *const required[] = { "mn", "lon", "lat", "crs", "factor", "unit", "limit" };
        CLEANUP(sites_drop) Sites *sites = mem_new(sizeof(*sites));
        Sites *loaded;

        sites->first = map_new();
        sites->last = map_new();
        sites->systems = map_new();
        if (!csv_load(&sites->table, path, required, sizeof(required) / sizeof(required[0]), err))
                return NULL;
        sites->items = mem_new((sites->table.rows + 1) * sizeof(Site));
        for (size_t row = 0; row < sites->table.rows; row++)
                if (!site_load(sites, &sites->items[row], row, err))
                        return NULL;
        loaded = sites;
        sites = NULL;
        return loaded;
}

const Site *sites_find(const Sites *sites, const char *mn)
{
        return sites && mn ? map_get_text(sites->first, mn) : NULL;
}

void sites_free(Sites *sites)
{
        if (!sites)
                return;
        map_free(sites->first, NULL);
        map_free(sites->last, NULL);
        registry_systems_free(sites->systems);
        csv_close(&sites->table);
        free(sites->items);
        free(sites);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, text);

        *(Sites **)field = sites_load(path, err);
        return *(Sites **)field != NULL;
}

static void option_free(void *field)
{
        sites_free(*(Sites **)field);
}

const OptionKind sites_option = {
        .form = "CSV file of sites",
        .size = sizeof(Sites *),
        .read = option_read,
        .free = option_free,
};
