#include "hub/serve/files.h"

#include "hub/serve/serve.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <stdio.h>
#include <sys/stat.h>

#define END " HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"

/* A folder with a console in it, and a server that tells it. */
typedef struct {
        char folder[64], www[80], listen[16], database[40];
        Config config;
        Serve serve;
} Site;

static void put(const Site *site, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", site->folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

static void folder_make(const Site *site, const char *name)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", site->folder, name);

        ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void site_make(Site *site)
{
        *site = (Site){ .folder = "/tmp/hub-files-XXXXXX",
                        .listen = "127.0.0.1:0",
                        .database = "postgresql://127.0.0.1:1/none" };
        ck_assert_ptr_nonnull(mkdtemp(site->folder));
        snprintf(site->www, sizeof(site->www), "%s/www", site->folder);
        site->config = (Config){
                .serve = { .listen = site->listen, .workers = 1, .queue = 4, .connections = 64, .www = site->www },
                .postgres = { .url = site->database, .connect_timeout_ms = 1000 }
        };
        folder_make(site, "www");
        folder_make(site, "www/assets");
        put(site, "secret.js", "not for you");
        put(site, "www/index.html", "<!doctype html><title>hub</title>");
        put(site, "www/notes.txt", "no part of a page");
        put(site, "www/.hidden.js", "hidden");
        put(site, "www/assets/desk-1a2b.js",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

static void site_open(Site *site)
{
        Error err = { 0 };

        ck_assert_msg(serve_open(&site->serve, &(ServeSetup){ .config = &site->config }, &err), "%s", err.text);
}

static void site_close(Site *site)
{
        CLEANUP(mem_drop) char *command = text_format("rm -rf %s", site->folder);

        serve_close(&site->serve);
        ck_assert_int_eq(system(command), 0);
}

static void ask(Site *site, const char *path, const char *headers, Buffer *heard)
{
        CLEANUP(mem_drop) char *request = text_format("GET %s" END "%s\r\n", path, headers);

        client_ask(exchanges_address(site->serve.exchanges), request, heard);
}

static void hears(Site *site, const char *path, const char *headers, const char *wanted)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };

        ask(site, path, headers, &heard);
        ck_assert_msg(strstr(heard.bytes, wanted), "%s: \"%s\" is not in %s", path, wanted, heard.bytes);
}

START_TEST(the_page_is_told_with_its_policy)
{
        Site site;

        site_make(&site);
        site_open(&site);
        hears(&site, "/", "", "<title>hub</title>");
        hears(&site, "/?wall", "", "HTTP/1.1 200");
        hears(&site, "/", "", "Content-Security-Policy: default-src 'none'; script-src 'self'");
        hears(&site, "/", "", "Cache-Control: no-cache\r\n");
        hears(&site, "/assets/desk-1a2b.js", "", "Cache-Control: public, max-age=31536000, immutable\r\n");
        hears(&site, "/assets/desk-1a2b.js", "", "Content-Type: text/javascript; charset=utf-8\r\n");
        site_close(&site);
}
END_TEST

/* Whoever writes another path hears that there is nothing: not what lies beside the folder, nor what is no part of a page. */
START_TEST(nothing_else_of_the_disk_is_told)
{
        static const char *const paths[] = { "/../secret.js",
                                             "/%2e%2e/secret.js",
                                             "/assets/../../secret.js",
                                             "/assets/..%2f..%2fsecret.js",
                                             "/notes.txt",
                                             "/.hidden.js",
                                             "//etc/passwd",
                                             "/assets/",
                                             "/assets",
                                             "/index.html",
                                             "/assets/%00",
                                             "/\\..\\secret.js" };
        Site site;

        site_make(&site);
        site_open(&site);
        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
                CLEANUP(buffer_free) Buffer heard = { 0 };

                ask(&site, paths[i], "", &heard);
                ck_assert_msg(strncmp(heard.bytes, "HTTP/1.1 4", 10) == 0, "%s: %s", paths[i], heard.bytes);
                ck_assert_msg(!strstr(heard.bytes, "not for you"), "%s", paths[i]);
        }
        site_close(&site);
}
END_TEST

START_TEST(a_browser_that_has_it_is_told_so)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        char etag[64], headers[96];
        Site site;

        site_make(&site);
        site_open(&site);
        ask(&site, "/", "", &heard);
        ck_assert_int_eq(sscanf(strstr(heard.bytes, "ETag: "), "ETag: %63s", etag), 1);
        snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", etag);
        hears(&site, "/", headers, "HTTP/1.1 304");
        hears(&site, "/", "If-None-Match: \"another\"\r\n", "HTTP/1.1 200");
        site_close(&site);
}
END_TEST

START_TEST(texts_are_packed_where_that_is_accepted)
{
        Site site;

        site_make(&site);
        site_open(&site);
        hears(&site, "/assets/desk-1a2b.js", "Accept-Encoding: br, gzip\r\n", "Content-Encoding: gzip\r\n");
        hears(&site, "/assets/desk-1a2b.js", "Accept-Encoding: gzip;q=0\r\n", "\r\n\r\naaaa");
        hears(&site, "/assets/desk-1a2b.js", "", "\r\n\r\naaaa");
        site_close(&site);
}
END_TEST

/* Without a console the interface serves all the same. */
START_TEST(a_folder_that_is_not_there_is_no_failure)
{
        Site site;

        site_make(&site);
        site.config.serve.www = (char[]){ "/nowhere/www" };
        site_open(&site);
        hears(&site, "/", "", "HTTP/1.1 404");
        hears(&site, "/v1/", "", "HTTP/1.1 200");
        site_close(&site);
}
END_TEST

/* A basemap is the one other host that a page may ask, and only for pictures; what could end the policy's rule is refused. */
START_TEST(a_basemap_opens_the_policy_for_its_host_alone)
{
        static const char *const wrong[] = { "javascript:alert(1)", "https://", "https://a b/{z}",
                                             "https://a;script-src *//", "//host/{z}" };
        Error err = { 0 };
        Site site;

        site_make(&site);
        site.config.serve.basemap = (char[]){ "https://tiles.example:8443/{z}/{x}/{y}.png" };
        site_open(&site);
        hears(&site, "/", "", "img-src 'self' data: https://tiles.example:8443; base-uri");
        hears(&site, "/settings.json", "", "https://tiles.example:8443/{z}/{x}/{y}.png");
        serve_close(&site.serve);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                CLEANUP(mem_drop) char *basemap = text_copy(wrong[i]);
                const ServeOptions options = { .basemap = basemap };

                ck_assert_msg(!files_open(&options, &err) && err.kind == ERR_FATAL, "%s", wrong[i]);
        }
        site_close(&site);
}
END_TEST

RUN("files", the_page_is_told_with_its_policy, nothing_else_of_the_disk_is_told, a_browser_that_has_it_is_told_so,
    texts_are_packed_where_that_is_accepted, a_folder_that_is_not_there_is_no_failure,
    a_basemap_opens_the_policy_for_its_host_alone)
