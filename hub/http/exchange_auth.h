#pragma once

/*
 * Who may ask a server of exchanges, judged at the head of a request: what is refused is told 401, no more, its body is not
 * kept, and it is handed to nobody. Basic is RFC 7617, a token stands behind "Bearer " (RFC 6750) or is all of a header of its
 * own, Digest is RFC 7616 with qop=auth as libmicrohttpd has it.
 */

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Exchange Exchange;
typedef struct ExchangeAuth ExchangeAuth;

unsigned auth_judge(const ExchangeAuth *auth, struct MHD_Connection *connection, bool *is_stale); /* 0, or 401 */
enum MHD_Result auth_challenge(const ExchangeAuth *auth, struct MHD_Connection *connection, bool is_stale,
                               struct MHD_Response *response);
