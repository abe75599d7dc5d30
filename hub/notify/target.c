#include "hub/notify/target.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/source/http/http_client.h"

#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(NotifyOptions, field)
#define SECOND    INT64_C(1000)
#define HOUR      (3600 * SECOND)
#define TEXT                                                                                                           \
        "**{title}**\n\n> {number} {category.name} {severity} {state}\n\n> {place.address}\n\n> {platforms} "          \
        "×{reports} "                                                                                                 \
        "{link}"

static const char *const forms[] = { "event", "dingtalk", "wecom", NULL };

const Option notify_options[] = {
        { "url", OPTION_TEXT, AT(url), .flags = OPTION_REQUIRED | OPTION_SECRET,
          .about = "where each change is posted; https, but for this very machine" },
        { "form", OPTION_CHOICE, AT(form), .value = "event", .choices = forms,
          .about = "event: the whole version as Standard Webhooks has it; dingtalk, wecom: a message of a robot" },
        { "secret_file", OPTION_PATH, AT(secret_file),
          .about =
                  "secrets that sign, a line each, mode 0400: whsec_BASE64; of dingtalk the one that its robot shows" },
        { "ca_file", OPTION_PATH, AT(ca_file),
          .about = "PEM file of who signed its certificate; default the system's" },
        { "zone", OPTION_LIST, AT(zone), .about = "only these zones" },
        { "state", OPTION_LIST, AT(state), .about = "only these states; open and closed stand for all of theirs" },
        { "severity", OPTION_LIST, AT(severity), .about = "only these severities" },
        { "category", OPTION_LIST, AT(category), .about = "only these category codes" },
        { "platform", OPTION_LIST, AT(platform), .about = "only incidents with a report of one of these platforms" },
        { "bbox", OPTION_TEXT, AT(bbox), .about = "only within west,south,east,north, WGS 84 degrees" },
        { "change", OPTION_LIST, AT(change),
          .about = "only these changes: opened, joined, updated, merged, closed ..." },
        { "title", OPTION_TEXT, AT(title), .value = "{title}", .about = "of dingtalk: what a list of messages shows" },
        { "text", OPTION_TEXT, AT(text), .value = TEXT,
          .about =
                  "of a robot's message, Markdown; {member} stands for the version's, {place.address} for one within" },
        { "link", OPTION_TEXT, AT(link),
          .about = "{link} in it: the console's address, behind which the incident's id is put" },
        { "timeout", OPTION_DURATION, AT(timeout_ms), .value = "15s", .least = 100, .most = 300 * SECOND,
          .about = "for an answer" },
        { "retry_least", OPTION_DURATION, AT(retry_least_ms), .value = "1s", .least = 10, .most = HOUR,
          .about = "wait after the first failure; it doubles" },
        { "retry_most", OPTION_DURATION, AT(retry_most_ms), .value = "10min", .least = 10, .most = 24 * HOUR,
          .about = "and never is longer than this" },
        { "give_up", OPTION_DURATION, AT(give_up_ms), .value = "24h", .least = 100, .most = 720 * HOUR,
          .about = "what failed for so long is put to the dead" },
        { "waiting", OPTION_INTEGER, AT(waiting_most), .value = "1000", .least = 1, .most = 100000,
          .about = "changes that wait for another try; when there are so many nothing new is read" },
};
const size_t notify_options_size = sizeof(notify_options) / sizeof(notify_options[0]);

static char *list_join(const TextList *list)
{
        Buffer text = { 0 };

        buffer_text(&text, "");
        for (size_t i = 0; i < list->size; i++)
                buffer_format(&text, "%s%s", i ? "," : "", list->items[i]);
        return text.bytes;
}

static bool filter_fill(Target *target, Error *err)
{
        const NotifyOptions *of = &target->options;
        const TextList *const lists[FILTER_LISTS] = { &of->zone, &of->state, &of->severity, &of->category,
                                                      &of->platform };

        for (FilterList list = 0; list < FILTER_LISTS; list++) {
                CLEANUP(mem_drop) char *values = list_join(lists[list]);

                if (lists[list]->size && !filter_list(&target->filter, list, values, err))
                        return error_set(err, ERR_FATAL, NULL, "%s: %s", filter_names[list], err->text);
        }
        if (of->bbox && !filter_box(&target->filter, of->bbox, err))
                return error_set(err, ERR_FATAL, NULL, "bbox: %s", err->text);
        return true;
}

static char *name_of(const char *path)
{
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
        char *copy = text_copy(name);

        if (dot && dot != name)
                copy[dot - name] = '\0';
        return copy;
}

bool notify_target_load(Target *target, const char *path, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);

        *target = (Target){ 0 };
        if (!yaml || !options_read(notify_options, notify_options_size, yaml, yaml_root(yaml), &target->options, err))
                return false;
        target->name = name_of(path);
        if (http_url_check(target->options.url, err) && filter_fill(target, err))
                return true;
        notify_target_free(target);
        return error_add(err, "%s", path);
}

void notify_target_free(Target *target)
{
        options_free(notify_options, notify_options_size, &target->options);
        filter_free(&target->filter);
        free(target->name);
        *target = (Target){ 0 };
}
