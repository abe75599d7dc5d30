#include "hub/config/serve_options.h"

#define YEAR_MS (366LL * 24 * 60 * 60 * 1000)

static const char *const anybody_choices[] = { "nothing", "viewer", "dispatcher", "supervisor", "administrator", NULL };

const Option serve_options[] = {
        { "listen", OPTION_TEXT, offsetof(ServeOptions, listen), .value = "127.0.0.1:8080",
          .about =
                  "address:port of the console and its interface; other than loopback only with TLS or a named proxy" },
        { "certificate", OPTION_PATH, offsetof(ServeOptions, certificate),
          .about = "PEM file for TLS, those that signed it behind it" },
        { "key", OPTION_PATH, offsetof(ServeOptions, key), .about = "PEM file of its key; mode 0400" },
        { "proxies", OPTION_LIST, offsetof(ServeOptions, proxies),
          .about = "addresses of who speaks TLS in front of us and hands requests on" },
        { "www", OPTION_PATH, offsetof(ServeOptions, www), .about = "folder of the console, as its build makes it" },
        { "basemap", OPTION_TEXT, offsetof(ServeOptions, basemap),
          .about = "pictures under the console's map, https://host/{z}/{x}/{y}; browsers ask that host for them. Else "
                   "a schematic" },
        { "attribution", OPTION_TEXT, offsetof(ServeOptions, attribution),
          .about = "what is said of the basemap: whose it is, and its approval number" },
        { "workers", OPTION_INTEGER, offsetof(ServeOptions, workers), .value = "3", .least = 1, .most = 64,
          .about = "threads that answer, each with its own connection to PostgreSQL" },
        { "queue", OPTION_INTEGER, offsetof(ServeOptions, queue), .value = "64", .least = 1, .most = 10000,
          .about = "requests that wait for a worker; one more is told to come again" },
        { "connections", OPTION_INTEGER, offsetof(ServeOptions, connections), .value = "2000", .least = 8,
          .most = 20000, .about = "clients at a time; three of four may listen to the stream" },
        { "users", OPTION_PATH, offsetof(ServeOptions, users),
          .about = "file of the users, mode 0400 or 0600; hub user writes it" },
        { "api_keys", OPTION_PATH, offsetof(ServeOptions, api_keys),
          .about = "file of machines' keys, mode 0400 or 0600; hub user key writes it" },
        { "session_idle", OPTION_DURATION, offsetof(ServeOptions, session_idle), .value = "8h", .least = 1000,
          .most = YEAR_MS, .about = "a session ends so long after its last request" },
        { "session_most", OPTION_DURATION, offsetof(ServeOptions, session_most), .value = "7d", .least = 1000,
          .most = YEAR_MS, .about = "and so long after its login, whatever it did" },
        { "login_tries", OPTION_INTEGER, offsetof(ServeOptions, login_tries), .value = "10", .least = 1, .most = 10000,
          .about = "logins that may fail within login_window, of one user; of one address four times as "
                   "many" },
        { "login_window", OPTION_DURATION, offsetof(ServeOptions, login_window), .value = "5min", .least = 1000,
          .most = YEAR_MS, .about = "after it failed logins are forgotten" },
        { "requests", OPTION_INTEGER, offsetof(ServeOptions, requests), .value = "500", .least = 0, .most = 1000000,
          .about = "of one person in a second; 0: no limit" },
        { "anybody", OPTION_CHOICE, offsetof(ServeOptions, anybody), .value = "nothing", .choices = anybody_choices,
          .about = "what who is not logged in may: for trials on this machine alone" },
        { "stream_versions", OPTION_INTEGER, offsetof(ServeOptions, stream_versions), .value = "65536", .least = 1,
          .most = 10000000,
          .about = "newest versions of incidents that the stream holds; older ones come from PostgreSQL" },
        { "stream_bytes", OPTION_INTEGER, offsetof(ServeOptions, stream_bytes), .value = "134217728", .least = 65536,
          .most = 17179869184, .about = "bytes that they may take" },
};
const size_t serve_options_size = sizeof(serve_options) / sizeof(serve_options[0]);
