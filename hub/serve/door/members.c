/* Who may come in: users and keys as their files have them, for administrators. They are read alone: `hub user` writes them. */

#include "hub/people/people.h"
#include "hub/serve/call.h"
#include "hub/serve/door/login.h"
#include "hub/serve/routes.h"

#include <string.h>

enum { OK = 200 };

static json_t *listed(const Call *call, bool of_keys)
{
        const Person **list = people_list(call->serve->people, of_keys, call->arena);
        json_t *told = json_array();

        for (size_t i = 0; list[i]; i++)
                json_array_append_new(told,
                                      json_pack("{s:s, s:s, s:s, s:o, s:b}", "name", strchr(list[i]->name, ':') + 1,
                                                "id", list[i]->name, "role", role_name(list[i]->role), "zones",
                                                login_zones(call, list[i]), "all_zones", list[i]->sees_all));
        return told;
}

static void members(Call *call)
{
        call_json(call, OK, json_pack("{s:o, s:o}", "users", listed(call, false), "keys", listed(call, true)));
}

const Route members_routes[] = {
        { "GET", "/v1/people", ROLE_ADMINISTRATOR, members, .flags = ROUTE_NO_DATABASE },
        { 0 },
};
