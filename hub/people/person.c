#include "hub/people/person.h"

#include "hub/base/text.h"

bool person_sees(const Person *person, const char *zone)
{
        if (person->sees_all)
                return true;
        for (size_t i = 0; person->zones && person->zones[i]; i++)
                if (text_same(person->zones[i], zone))
                        return true;
        return false;
}

const char *role_name(Role role)
{
        static const char *const names[] = { "nobody", "viewer", "dispatcher", "supervisor", "administrator" };

        return names[role];
}

bool role_find(const char *name, Role *role)
{
        for (*role = ROLE_VIEWER; *role <= ROLE_ADMINISTRATOR; (*role)++)
                if (text_same(role_name(*role), name))
                        return true;
        *role = ROLE_NOBODY;
        return false;
}
