#include "hub/base/text.h"
#include "hub/http/monitor.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

static char *folder_make(void)
{
        char *folder = text_copy("/tmp/hub-test-monitor-XXXXXX");

        ck_assert_ptr_nonnull(mkdtemp(folder));
        return folder;
}

/* The address in FOLDER/NAME; NULL when the file is not there. */
static char *address_of(const char *folder, const char *name)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        json_t *list = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        char *address =
                text_copy(json_string_value(json_array_get(json_object_get(json_array_get(list, 0), "targets"), 0)));

        json_decref(list);
        return address;
}

static void asked_is(const char *address, const char *path, const char *status, const char *body)
{
        CLEANUP(mem_drop)
        char *request = text_format("GET %s HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n", path);
        CLEANUP(buffer_free) Buffer heard = { 0 };

        client_ask(address, request, &heard);
        ck_assert_msg(strncmp(heard.bytes + 9, status, 3) == 0, "%s: %.100s", path, heard.bytes);
        ck_assert_msg(strstr(heard.bytes, body) != NULL, "%s: no %s in %s", path, body, heard.bytes);
}

START_TEST(serves_what_prometheus_asks)
{
        CLEANUP(mem_drop) char *folder = folder_make();
        CLEANUP(mem_drop) char *targets = text_format("%s/made", folder);
        const MonitorOptions options = { .listen = (char[]){ "127.0.0.1:0" }, .targets = targets };
        CLEANUP(monitor_drop) Monitor *monitor = monitor_open(&options, "run", "citybrain");
        CLEANUP(mem_drop) char *address = address_of(targets, "run-citybrain.json");

        ck_assert_ptr_nonnull(address);
        asked_is(address, "/metrics", "200", "\nhub_build_info{version=\"" HUB_VERSION "\",part=\"run\"} 1\n");
        asked_is(address, "/metrics", "200", "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
        asked_is(address, "/livez", "200", "alive");
        asked_is(address, "/readyz", "503", "");
        health_set(monitor_health(monitor), HEALTH_KAFKA, true);
        health_set(monitor_health(monitor), HEALTH_SOURCE, false);
        asked_is(address, "/readyz", "503", "kafka: reachable\nsource: away\n");
        asked_is(address, "/metrics", "200", "\nhub_peer_up{peer=\"source\"} 0\n");
        health_set(monitor_health(monitor), HEALTH_SOURCE, true);
        asked_is(address, "/readyz", "200", "source: reachable\n");
        asked_is(address, "/", "404", "/metrics, /livez, /readyz");
        monitor_drop(&monitor);
        CLEANUP(mem_drop) char *gone = address_of(targets, "run-citybrain.json");
        ck_assert_ptr_null(gone);
        ck_assert_int_eq(rmdir(targets), 0);
        ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Two correlators of one machine are two targets; what a killed one left behind is taken over. */
START_TEST(twins_have_files_of_their_own)
{
        CLEANUP(mem_drop) char *folder = folder_make();
        CLEANUP(mem_drop) char *stale = text_format("%s/correlate.json", folder);
        const MonitorOptions options = { .listen = (char[]){ "127.0.0.1:0" }, .targets = folder };
        FILE *left = fopen(stale, "w");

        fputs("[{\"targets\": [\"127.0.0.1:1\"], \"labels\": {\"and\": \"much more text than the new one has, so that "
              "a "
              "rest of it would show as broken JSON behind the end of what is written now\"}}]",
              left);
        fclose(left);
        CLEANUP(monitor_drop) Monitor *one = monitor_open(&options, "correlate", NULL);
        CLEANUP(monitor_drop) Monitor *two = monitor_open(&options, "correlate", NULL);
        CLEANUP(mem_drop) char *first = address_of(folder, "correlate.json");
        CLEANUP(mem_drop) char *second = address_of(folder, "correlate-2.json");

        ck_assert_ptr_nonnull(first);
        ck_assert_ptr_nonnull(second);
        ck_assert_str_ne(first, second);
        ck_assert_str_ne(first, "127.0.0.1:1");
        monitor_drop(&one);
        monitor_drop(&two);
        ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Metrics are no reason to end: neither a busy port nor a folder that cannot be. */
START_TEST(goes_on_without)
{
        CLEANUP(mem_drop) char *folder = folder_make();
        MonitorOptions options = { .listen = (char[]){ "127.0.0.1:0" }, .targets = folder };
        CLEANUP(monitor_drop) Monitor *one = monitor_open(&options, "run", "a");
        CLEANUP(mem_drop) char *address = address_of(folder, "run-a.json");

        options.listen = address;
        CLEANUP(monitor_drop) Monitor *two = monitor_open(&options, "run", "b");
        ck_assert_ptr_nonnull(monitor_metrics(two));
        ck_assert_ptr_nonnull(monitor_health(two));
        options.listen = (char[]){ "127.0.0.1:0" };
        options.targets = (char[]){ "/proc/nowhere/at/all" };
        CLEANUP(monitor_drop) Monitor *three = monitor_open(&options, "run", "c");
        ck_assert_ptr_nonnull(monitor_health(three));
        CLEANUP(monitor_drop) Monitor *none = monitor_open(&(MonitorOptions){ 0 }, "run", "d");
        ck_assert_ptr_nonnull(monitor_metrics(none));
        monitor_drop(&one);
        ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

RUN("monitor", serves_what_prometheus_asks, twins_have_files_of_their_own, goes_on_without)
