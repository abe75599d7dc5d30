/* What operators say of an incident's progress: confirm, reject, assign, dispatch, dispose, verify, close, reopen, note. */

#include "hub/zone/order.h"

#include <stdlib.h>
#include <string.h>

enum { ORG_MOST = 256 }; /* bytes of an organisation's name */

/* The incident that all named events stand in; NULL and a refusal when there are several. */
static Incident *one_incident(Order *order)
{
        Incident *incident = order->named[0]->incident;

        for (size_t i = 1; i < order->named_size; i++) {
                if (order->named[i]->incident == incident)
                        continue;
                order_refuse(order, "the events stand in several incidents: ", order->named[i]->incident->id);
                return NULL;
        }
        return incident;
}

static bool is_shut(const Incident *incident)
{
        return incident->state == STATE_CLOSED || incident->state == STATE_VOID || incident->state == STATE_REJECTED;
}

static void spoke(const Order *order, Incident *incident)
{
        free(incident->told_by);
        incident->told_by = text_copy(order->command->id);
}

/* The open incident that an operator's word is on; NULL and a refusal when it is none. */
static Incident *open_incident(Order *order)
{
        Incident *incident = one_incident(order);

        if (!incident)
                return NULL;
        if (is_shut(incident)) {
                order_refuse(order, "is closed already: ", incident->id);
                return NULL;
        }
        effect_before(order, incident);
        return incident;
}

/* An operator's word on it (NULL: it was refused); told STATE_NONE leaves what was said before. */
static bool tell(Order *order, Incident *incident, EventState told, bool shut, const char *change)
{
        if (!incident)
                return false;
        spoke(order, incident);
        if (told != STATE_NONE)
                incident->told = told;
        if (shut)
                incident->closed_by_operator = order->zone->time;
        zone_settle(order->zone, incident, change, order->command->id);
        order->out->incident = incident;
        return true;
}

bool order_close(Order *order)
{
        return tell(order, open_incident(order), STATE_NONE, true, "closed");
}

bool order_reject(Order *order)
{
        return tell(order, open_incident(order), STATE_REJECTED, true, "cancelled");
}

/* Confirmed: filed as a case of its own; links that were doubtful are not any more. */
bool order_confirm(Order *order)
{
        if (!tell(order, open_incident(order), STATE_FILED, false, "updated"))
                return false;
        for (size_t i = 0; i < order->named_size; i++) {
                if (!order->named[i]->doubtful)
                        continue;
                effect_doubted(order, order->named[i]);
                order->named[i]->doubtful = false;
                changes_member(order->zone->changes, order->named[i]);
        }
        return true;
}

/* To the organisation that it names, if any. */
bool order_assign(Order *order)
{
        const char *org = order->command->args_org;
        Incident *incident;

        if (org && strlen(org) > ORG_MOST)
                return order_refuse(order, "the name of the organisation is too long", "");
        incident = open_incident(order);
        if (incident && org)
                incident_assign(incident, org, order->command->by, order->command->at);
        return tell(order, incident, STATE_DISPATCHED, false, "assigned");
}

bool order_dispose(Order *order)
{
        return tell(order, open_incident(order), STATE_PROCESSING, false, "updated");
}

bool order_verify(Order *order)
{
        return tell(order, open_incident(order), STATE_VERIFYING, false, "updated");
}

bool order_reopen(Order *order)
{
        Incident *incident = one_incident(order);

        if (!incident)
                return false;
        if (incident->state != STATE_CLOSED && incident->state != STATE_REJECTED)
                return order_refuse(order, "is not closed: ", incident->id);
        effect_before(order, incident);
        spoke(order, incident);
        incident->closed_by_operator = TIME_NONE;
        incident->reopened_by_operator = order->zone->time;
        incident->told = STATE_NONE;
        zone_settle(order->zone, incident, "reopened", order->command->id);
        order->out->incident = incident;
        return true;
}

/* Kept with the command; nothing of the incident changes. */
bool order_note(Order *order)
{
        order->out->incident = one_incident(order);
        return order->out->incident != NULL;
}
