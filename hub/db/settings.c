#include "hub/db/db.h"

const Option db_options[] = {
        { "url", OPTION_TEXT, offsetof(DbOptions, url), .value = "postgresql:///hub",
          .about = "postgresql://user@host:port/name or key=value settings, without password" },
        { "password_file", OPTION_PATH, offsetof(DbOptions, password_file), .about = "the password, one line" },
        { "connect_timeout", OPTION_DURATION, offsetof(DbOptions, connect_timeout_ms), .value = "10s",
          .about = "to connect" },
        { "statement_timeout", OPTION_DURATION, offsetof(DbOptions, statement_timeout_ms), .value = "60s",
          .about = "for a statement; reports and migrations have none" },
};
const size_t db_options_size = sizeof(db_options) / sizeof(db_options[0]);
