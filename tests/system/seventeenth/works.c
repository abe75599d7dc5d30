#include "adapters/list.h"
#include "hub/dialect/case.h"
#include "hub/dialect/place.h"
#include "hub/document/page.h"
#include "hub/document/record.h"

/*
 * Platform 17 of a test: works on roads of another city. What is seen at a post, and the permits for it, in one list; posts stand in the
 * site's registry.
 */

typedef struct {
        CaseOptions of;
        PageOptions page;
        Devices *posts;
} WorksOptions;

#define AT(member) offsetof(WorksOptions, member)

static const Option table[] = {
        { "posts", OPTION_CUSTOM, AT(posts), .custom = &devices_option, .flags = OPTION_REQUIRED,
          .about = "registry of posts" },
        { .type = OPTION_PART, .offset = AT(page), .part = page_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "id", CASE_ID },           { "state", CASE_STATUS }, { "kind", CASE_CATEGORY },
        { "at", CASE_OCCURRED },     { "title", CASE_TITLE },  { "address", CASE_ADDRESS },
        { "from", CASE_VALID_FROM }, { "to", CASE_VALID_TO },  { 0 },
};

static const CaseForm forms[] = { { .members = members, .state = STATE_RECEIVED },
                                  { .kind = KIND_REGISTRY, .members = members, .state = STATE_FILED } };

static const char *number(const void *of, const json_t *object, Arena *arena)
{
        (void)of;
        (void)arena;
        return json_text(object, "id");
}

static bool item_translate(const void *of, const json_t *item, Output *output, Error *err)
{
        const WorksOptions *options = of;
        const bool permit = json_text(item, "to");
        const CaseForm *form = &forms[permit];
        Case found = { 0 };
        Event event;

        case_read(form, &options->of, item, scratch(output), &found);
        if (!case_event(form, &options->of, &found, scratch(output), &event, err))
                return false;
        place_device(options->posts, CRS_NONE, json_text(item, "post"), OBJECT_DEVICE, &event);
        if (permit)
                event_add_object(&event, OBJECT_CASE, event.source.id);
        return emit(output, &event, err);
}

static const PageForm page_form = { .number = number, .translate = item_translate };

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *page = record_read(record, NULL, output, err);
        const WorksOptions *options = of;

        return page && page_translate(&page_form, &options->page, of, page, output, err);
}

const Adapter works = {
        .name = "works",
        .about = "Works on roads, and permits for them",
        .platform = "p17",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(WorksOptions),
        .translate = translate,
        .forms = forms,
        .forms_size = sizeof(forms) / sizeof(forms[0]),
};
