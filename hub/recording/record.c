/* hub record: what an instance's source hands over, as it is, into a folder. */

#include "hub/recording/recording.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/keep/folder.h"
#include "hub/pipe/signals.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { READ_WAIT_MS = 200, AWAY_WAIT_MS = 500, FILE_MOST = 64 * 1024 * 1024 };

static const char usage[] =
        "usage: hub record INSTANCE DIR [--max N] [--for DURATION] [--from TIME --to TIME] [--config FILE]\n"
        "  Reads the instance's source beside its own process (nothing of its position or session is touched) and "
        "keeps each "
        "record\n"
        "  as it came in DIR, a new folder of mode 0700: THE BYTES HOLD PERSONAL DATA until hub scrub DIR. Ends with "
        "the "
        "source, after\n"
        "  N records, after DURATION, or by a signal. hub replay DIR translates it again; tests/fixtures/run takes it "
        "as a "
        "case.\n";

typedef struct {
        const char *config, *instance, *folder;
        int64_t max, for_ms;
        SourceSpan span;
} Order;

typedef struct {
        const Order *order;
        const Instance *instance;
        Source *source;
        Signals signals;
        Buffer meta;
        int64_t size;
} Recorder;

/* ---- the folder ---- */

static bool folder_claim(const char *path, Error *err)
{
        struct dirent *entry;
        bool is_empty = true;
        DIR *folder;

        if (!folder_make(path, err))
                return false;
        folder = opendir(path);
        while (folder && (entry = readdir(folder)))
                is_empty = is_empty && entry->d_name[0] == '.';
        if (folder)
                closedir(folder);
        if (!folder || !is_empty || chmod(path, 0700) < 0)
                return error_set(err, ERR_INPUT, NULL, "%s: is no folder of ours that is empty", path);
        return true;
}

/* A file that an option names comes along; the option then names it beside itself. */
static bool file_take(const Order *order, const char *source, json_t *options, const char *name, Error *err)
{
        const char *slash = strrchr(source, '/'), *base = slash ? slash + 1 : source;
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        if (!file_read(&bytes, source, FILE_MOST, err) ||
            !folder_store(order->folder, base, bytes.size ? bytes.bytes : "", bytes.size, err))
                return false;
        json_object_set_new(options, name, json_string(base));
        return true;
}

/* A list of files is what a platform sent before, which nobody scrubbed: it stays away. */
static bool is_sent(const Option *option)
{
        return option->type == OPTION_CUSTOM && option->custom->many;
}

/* A secret stays where it is: a recording is handed around. */
static void secret_leave(const char *path, json_t *options, const char *name)
{
        CLEANUP(mem_drop) char *absolute = realpath(path, NULL);

        if (absolute)
                json_object_set_new(options, name, json_string(absolute));
}

/* JSON is YAML. Variables were replaced when the file was read. */
static bool options_keep(const Recorder *recorder, Error *err)
{
        const Instance *instance = recorder->instance;
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(instance->file, err);
        CLEANUP(mem_drop) char *folder = file_folder(instance->file);
        CLEANUP(mem_drop) char *text = NULL;
        json_t *instances = yaml ? json_object_get(yaml_root(yaml), "instances") : NULL;
        json_t *given = json_object_get(json_object_get(instances, instance->name), "options");
        CLEANUP(json_drop) json_t *options = json_is_object(given) ? json_deep_copy(given) : json_object();

        Option option;

        if (!yaml)
                return false;
        for (size_t i = 0; option_at(instance->adapter->options, instance->adapter->options_size, i, &option); i++) {
                const char *value = json_string_value(json_object_get(options, option.name));
                CLEANUP(mem_drop) char *path = value ? file_beside(folder, value) : NULL;
                struct stat status;

                if (is_sent(&option))
                        json_object_del(options, option.name);
                if (!path || is_sent(&option) || (option.type != OPTION_PATH && option.type != OPTION_CUSTOM) ||
                    stat(path, &status) < 0 || !S_ISREG(status.st_mode))
                        continue;
                if (option.custom == &secret_option)
                        secret_leave(path, options, option.name);
                else if (!file_take(recorder->order, path, options, option.name, err))
                        return false;
        }
        text = json_dumps(options, JSON_INDENT(2));
        return folder_store(recorder->order->folder, "options.yaml", text, strlen(text), err);
}

static bool about_keep(const Recorder *recorder, Error *err)
{
        const Instance *instance = recorder->instance;
        const char *folder = recorder->order->folder;
        char now[TIME_TEXT_SIZE];
        CLEANUP(json_drop)
        json_t *about = json_pack("{s:s,s:s,s:s,s:s,s:s}", "adapter", instance->adapter->name, "instance",
                                  instance->name, "platform", instance->platform, "zone", instance->zone, "recorded",
                                  time_text(time_now(), now));
        CLEANUP(mem_drop) char *text = json_dumps(about, JSON_INDENT(2));
        CLEANUP(mem_drop)
        char *trap = text_format("A recording of %s, %s.\nEvery member: what it became must not change unseen.\n",
                                 instance->name, now);

        return folder_store(folder, "recording.json", text, strlen(text), err) &&
               folder_store(folder, "trap", trap, strlen(trap), err) &&
               folder_store(folder, "arguments", "--recorded\n", strlen("--recorded\n"), err);
}

/* ---- records ---- */

static const char *extension(const Record *record)
{
        const char *type = record->content_type ? record->content_type : "";
        const char *at = record->bytes + strspn(record->bytes, " \t\r\n\xef\xbb\xbf");

        if (strstr(type, "json") || *at == '{' || *at == '[')
                return "json";
        if (strstr(type, "xml") || *at == '<')
                return "xml";
        return strstr(type, "csv") ? "csv" : "bin";
}

static void member_add(json_t *row, const char *name, const char *text)
{
        if (text)
                json_object_set_new(row, name, json_string(text));
}

static void headers_add(json_t *row, const Record *record)
{
        json_t *headers = json_array();

        for (const RecordHeader *header = record->headers; header && header->name; header++)
                json_array_append_new(headers, json_pack("{s:s,s:s?}", "name", header->name, "value", header->value));
        if (record->headers)
                json_object_set(row, "headers", headers);
        json_decref(headers);
}

static bool record_keep(Recorder *recorder, const Record *record, Error *err)
{
        const char *folder = recorder->order->folder;
        CLEANUP(mem_drop)
        char *name = text_format("input.%06lld.%s", (long long)recorder->size + 1, extension(record));
        char received[TIME_TEXT_SIZE], sum[SHA256_TEXT_SIZE];
        CLEANUP(json_drop) json_t *row = json_pack("{s:s}", "file", name);
        CLEANUP(mem_drop) char *line = NULL;

        member_add(row, "channel", record->channel);
        member_add(row, "position", record->position);
        member_add(row, "content_type", record->content_type);
        member_add(row, "key", record->key);
        member_add(row, "method", record->method);
        member_add(row, "sequence", record->sequence);
        headers_add(row, record);
        member_add(row, "received", time_text(record->received_ms, received));
        json_object_set_new(row, "size", json_integer((json_int_t)record->size));
        member_add(row, "sha256", sha256_text(record->bytes, record->size, sum));
        line = json_dumps(row, JSON_COMPACT);
        buffer_text(&recorder->meta, line);
        buffer_byte(&recorder->meta, '\n');
        recorder->size++;
        return folder_store(folder, name, record->bytes, record->size, err);
}

/* One step: false with ERR_NONE when it is over. */
static bool record_next(Recorder *recorder, Error *err)
{
        const SourceKind *kind = recorder->instance->source;
        SourceRecord read = { 0 };
        Error why = { 0 };

        switch (kind->read(recorder->source, READ_WAIT_MS, &read, &why)) {
        case SOURCE_RECORD:
                return record_keep(recorder, &read.record, err) && kind->acknowledge(recorder->source, read.token, err);
        case SOURCE_AWAY:
                log_limited(LOG_WARNING, "source away", (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
                poll(NULL, 0, AWAY_WAIT_MS);
                return true;
        case SOURCE_BROKEN:
                *err = why;
                return false;
        case SOURCE_END:
                return false;
        case SOURCE_IDLE:
                break;
        }
        return true;
}

static bool records_keep(Recorder *recorder, Error *err)
{
        const Order *order = recorder->order;
        const int64_t until = order->for_ms ? time_monotonic() + order->for_ms : INT64_MAX;

        while (!signals_stop(&recorder->signals) && time_monotonic() < until &&
               (!order->max || recorder->size < order->max))
                if (!record_next(recorder, err))
                        break;
        return err->kind == ERR_NONE;
}

static bool record(Recorder *recorder, Error *err)
{
        const Order *order = recorder->order;
        const SourceKind *kind = recorder->instance->source;
        const bool spanned = order->span.from != TIME_NONE;
        const SourceSetup setup = { .instance = recorder->instance->name,
                                    .options = recorder->instance->source_options,
                                    .span = spanned ? &order->span : NULL,
                                    .frame = recorder->instance->adapter->frame,
                                    .trial = true };
        bool kept;

        if (spanned && (!kind->span || !kind->span(setup.options, err)))
                return error_set(err, ERR_INPUT, NULL, "%s: a source of kind %s cannot read a span again",
                                 recorder->instance->name, kind->kind);
        if (!folder_claim(order->folder, err) || !options_keep(recorder, err) || !about_keep(recorder, err))
                return false;
        recorder->source = kind->open(&setup, err);
        kept = recorder->source && records_keep(recorder, err);
        if (recorder->source)
                kind->close(recorder->source);
        buffer_add(&recorder->meta, "", 0);
        return folder_store(order->folder, "meta.ndjson", recorder->meta.bytes, recorder->meta.size, err) && kept;
}

static int order_do(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        Recorder recorder = { .order = order };
        Error err = { 0 };
        bool fine = false;

        log_open("record");
        if (time_open(&err) && config_load(&config, order->config, &err))
                recorder.instance = config_instance(&config, order->instance, &err);
        if (recorder.instance && !recorder.instance->source)
                (void)error_set(&err, ERR_FATAL, NULL, "%s: has no source", order->instance);
        else if (recorder.instance) {
                signals_open(&recorder.signals);
                fine = record(&recorder, &err);
                signals_close(&recorder.signals);
        }
        buffer_free(&recorder.meta);
        if (!fine)
                return command_failed("record", &err);
        printf("%s: %lld records of %s; they hold personal data until hub scrub %s\n", order->folder,
               (long long)recorder.size, order->instance, order->folder);
        return recorder.size ? EXIT_FINE : EXIT_NOTHING;
}

static bool option_read(int option, Order *order)
{
        Error err;

        switch (option) {
        case 'c':
                order->config = optarg;
                return true;
        case 'm':
                return text_read_integer(optarg, &order->max) && order->max > 0;
        case 'd':
                return time_read_duration(optarg, &order->for_ms, &err) && order->for_ms > 0;
        case 'f':
                return time_read(optarg, &order->span.from, NULL, &err);
        case 'u':
                return time_read(optarg, &order->span.to, NULL, &err);
        default:
                return false;
        }
}

int command_record(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "max", required_argument, NULL, 'm' },
                                                 { "for", required_argument, NULL, 'd' },
                                                 { "from", required_argument, NULL, 'f' },
                                                 { "to", required_argument, NULL, 'u' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { .span = { TIME_NONE, TIME_NONE } };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order))
                        return tool_usage(usage, option == 'h');
        if (optind != argc - 2 || (order.span.from == TIME_NONE) != (order.span.to == TIME_NONE) ||
            (order.span.from != TIME_NONE && order.span.from >= order.span.to))
                return tool_usage(usage, false);
        order.instance = argv[optind];
        order.folder = argv[optind + 1];
        return order_do(&order);
}
