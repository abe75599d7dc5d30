#include "hub/serve/person.h"

#include "hub/base/text.h"

/* Until users are known: whoever asks may all. */
const Person *person_of(Call *call)
{
        static const Person anybody = { .name = "user:anybody", .role = ROLE_ADMINISTRATOR, .sees_all = true };

        (void)call;
        return &anybody;
}

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
