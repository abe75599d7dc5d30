#include "hub/source/http/http_options.h"

#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/source/http/http_client.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(HttpOptions, member)

enum { SECOND = 1000, HOUR = 3600 * SECOND };

static const char *const bodies[] = { "form", "json", NULL };
static const char *const methods[] = { "GET", "POST", NULL };
static const char *const time_forms[] = { "yyyy-MM-dd HH:mm:ss", "rfc3339", "epoch_s", "epoch_ms", "hour", NULL };

const Option http_options[HTTP_OPTIONS] = {
        { "url", OPTION_TEXT, AT(url), .flags = OPTION_REQUIRED, .about = "of the list, https://" },
        { "method", OPTION_CHOICE, AT(method), .choices = methods, .value = "GET",
          .about = "GET puts parameters into the query, POST into the body" },
        { "body", OPTION_CHOICE, AT(body), .choices = bodies, .value = "form",
          .about = "how POST writes them; in JSON pages, sizes and epochs are numbers" },
        { "form", OPTION_TABLE, AT(form),
          .about = "more parameters of each request; {user}, {password}, {token} and {file:/path} are replaced; in a "
                   "JSON "
                   "body a value that is JSON itself (7, true, {}) stays so" },
        { "headers", OPTION_TABLE, AT(headers), .about = "more headers; placeholders as in form" },
        { "interval", OPTION_DURATION, AT(interval), .value = "60s", .least = 100, .most = INT64_C(24) * HOUR,
          .about = "from the start of one window to the next" },
        { "overlap", OPTION_DURATION, AT(overlap), .value = "10min", .least = 0, .most = INT64_C(30) * 24 * HOUR,
          .about = "read again before the end of the last window: what came late or shifted between pages" },
        { "first_window", OPTION_DURATION, AT(first_window), .value = "24h", .least = SECOND,
          .most = INT64_C(3660) * 24 * HOUR, .about = "how far back the very first window begins" },
        { "recheck", OPTION_DURATION, AT(recheck), .least = SECOND, .most = INT64_C(3660) * 24 * HOUR,
          .about = "now and then a window reaches that far back: for servers whose window is not of changes, which "
                   "would "
                   "never show a closing; longer than cases stay open" },
        { "recheck_every", OPTION_DURATION, AT(recheck_every), .value = "1h", .least = 100, .most = INT64_C(24) * HOUR,
          .about = "from one such window to the next" },
        { "start_parameter", OPTION_TEXT, AT(start_parameter), .about = "name of the window's start" },
        { "end_parameter", OPTION_TEXT, AT(end_parameter), .about = "name of the window's end" },
        { "time_form", OPTION_CHOICE, AT(time_form), .choices = time_forms, .value = "yyyy-MM-dd HH:mm:ss",
          .about = "how start and end are written; without zone it is Shanghai's. hour: files of whole hours, "
                   "yyyy-MM-ddTHH in UTC, "
                   "one after the other when each is over" },
        { "page_parameter", OPTION_TEXT, AT(page_parameter), .about = "name of the page's number; none: one page" },
        { "page_first", OPTION_INTEGER, AT(page_first), .value = "1", .least = 0, .most = 1,
          .about = "number of the first page" },
        { "size_parameter", OPTION_TEXT, AT(size_parameter), .about = "name of the page's size" },
        { "page_size", OPTION_INTEGER, AT(page_size), .value = "0", .least = 0, .most = 100000,
          .about = "items a page; 0: the server's default" },
        { "items", OPTION_TEXT, AT(items), .value = "", .about = "path of the array in a page; empty: the page is it" },
        { "id", OPTION_TEXT, AT(id), .about = "path of an item's id in the item, to see that pages shifted" },
        { "end", OPTION_LIST, AT(end), .value = "404,416",
          .about = "what the server says behind the last page, beside an empty page or the last one again: HTTP "
                   "statuses; "
                   "and \"short\", where a page of fewer than page_size items is always the last" },
        { "total", OPTION_TEXT, AT(total),
          .about = "path of the number of all items in a page: none is asked for behind it" },
        { "next", OPTION_TEXT, AT(next),
          .about = "path of the next page's address in a page (links.next), in place of page_parameter; on the same "
                   "host" },
        { "pages_most", OPTION_INTEGER, AT(pages_most), .value = "10000", .least = 1, .most = 1000000,
          .about = "more pages are no list: told, and the window does not move" },
        { "login_url", OPTION_TEXT, AT(login_url), .about = "where a session begins, https://" },
        { "login_form", OPTION_TABLE, AT(login_form), .value = "username={user},password={password}",
          .about = "what is posted there" },
        { "login_body", OPTION_CHOICE, AT(login_body), .choices = bodies, .value = "form",
          .about = "how it is written" },
        { "token", OPTION_TEXT, AT(token),
          .about = "path of a token in the login's answer; {token} in headers or form sends it" },
        { "user", OPTION_TEXT, AT(user), .about = "who we are" },
        { "password_file", OPTION_PATH, AT(password_file), .about = "its password, one line" },
        { "byte_cap", OPTION_INTEGER, AT(byte_cap), .value = "16777216", .least = 1024, .most = INT64_C(1) << 30,
          .about = "bytes of a page that are too many" },
        { "timeout", OPTION_DURATION, AT(timeout), .value = "30s", .least = 100, .most = HOUR,
          .about = "for one whole request" },
        { "ca_file", OPTION_PATH, AT(ca_file), .about = "who signed the server's certificate, default the system's" },
};

static bool table_check(const HttpOptions *of, const TextTable *table, const char *option, Error *err)
{
        const bool is_login = table == &of->login_form;
        const SecretNames known = { .user = of->user,
                                    .password_file = of->password_file,
                                    .token = is_login ? NULL : of->token };

        for (size_t i = 0; i < table->size; i++)
                if (!secret_check(table->values[i], &known, err))
                        return error_add(err, "%s: %s", option, table->keys[i]);
        return true;
}

/* RFC 9110 section 5.6.2: token. */
static bool is_token(const char *name)
{
        static const char bytes[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

        return name[0] && !name[strspn(name, bytes)];
}

static bool headers_check(const TextTable *headers, Error *err)
{
        for (size_t i = 0; i < headers->size; i++) {
                if (!is_token(headers->keys[i]))
                        return error_set(err, ERR_FATAL, NULL, "headers: \"%.80s\" is no name of a header",
                                         headers->keys[i]);
                for (const char *at = headers->values[i]; *at; at++)
                        if ((unsigned char)*at < ' ' || *at == 0x7f)
                                return error_set(err, ERR_FATAL, NULL, "headers: %s: a control byte", headers->keys[i]);
        }
        return true;
}

static bool paging_check(const HttpOptions *of, Error *err)
{
        if (of->size_parameter && !of->page_size)
                return error_set(err, ERR_FATAL, NULL, "size_parameter needs page_size");
        if (of->next && (of->page_parameter || of->method != METHOD_GET))
                return error_set(err, ERR_FATAL, NULL, "next needs method: GET and no page_parameter");
        if (of->id && !of->page_parameter)
                return error_set(err, ERR_FATAL, NULL, "id needs page_parameter");
        return true;
}

/* What an HTTP server answers when nothing is behind the last page; 401, 403 and 429 mean something else everywhere. */
static bool end_status(const char *text, int64_t *status)
{
        return text_read_integer(text, status) && *status >= 400 && *status <= 599 && *status != 401 &&
               *status != 403 && *status != 429;
}

bool http_options_ends(const HttpOptions *of, long status)
{
        int64_t said;

        for (size_t i = 0; i < of->end.size; i++)
                if (end_status(of->end.items[i], &said) && said == status)
                        return true;
        return false;
}

bool http_options_short_ends(const HttpOptions *of)
{
        for (size_t i = 0; i < of->end.size; i++)
                if (text_same(of->end.items[i], "short"))
                        return true;
        return false;
}

static bool end_check(const HttpOptions *of, Error *err)
{
        int64_t status;

        for (size_t i = 0; i < of->end.size; i++)
                if (!text_same(of->end.items[i], "short") && !end_status(of->end.items[i], &status))
                        return error_set(err, ERR_FATAL, NULL,
                                         "end: \"%.40s\" is neither short nor a status such as 404", of->end.items[i]);
        return !http_options_short_ends(of) || of->page_size ||
               error_set(err, ERR_FATAL, NULL, "end: short needs page_size");
}

static bool shape_check(const HttpOptions *of, Error *err)
{
        if (of->body == BODY_JSON && of->method != METHOD_POST)
                return error_set(err, ERR_FATAL, NULL, "body: json needs method: POST");
        if (of->token && !of->login_url)
                return error_set(err, ERR_FATAL, NULL, "token needs login_url");
        if (of->time_form == TIME_HOUR && (!of->start_parameter || of->end_parameter || of->recheck))
                return error_set(err, ERR_FATAL, NULL,
                                 "time_form: hour has start_parameter, no end_parameter and no recheck");
        if (of->recheck && !of->start_parameter)
                return error_set(err, ERR_FATAL, NULL, "recheck needs start_parameter");
        if (of->recheck && of->recheck <= of->overlap)
                return error_set(err, ERR_FATAL, NULL, "recheck must be longer than overlap");
        return true;
}

bool http_options_check(const void *options, Error *err)
{
        const HttpOptions *of = options;

        if (!http_url_check(of->url, err))
                return error_add(err, "url");
        if (of->login_url && !http_url_check(of->login_url, err))
                return error_add(err, "login_url");
        if (of->login_url && !table_check(of, &of->login_form, "login_form", err))
                return false;
        return table_check(of, &of->form, "form", err) && table_check(of, &of->headers, "headers", err) &&
               headers_check(&of->headers, err) && paging_check(of, err) && end_check(of, err) && shape_check(of, err);
}
