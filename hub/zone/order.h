#pragma once

/* An operator's command while it is obeyed: what zone_command.c, zone_progress.c and zone_undo.c share. */

#include "hub/base/json.h"
#include "hub/zone/zone_private.h"

enum { NAMED_MOST = 64 };

typedef struct {
        Zone *zone;
        const Command *command;
        LogPosition position;
        ZoneDecision *out;
        Member *named[NAMED_MOST]; /* as the command names them */
        size_t named_size;
        json_t *effect; /* what it changes, for its undo */
} Order;

bool order_refuse(Order *order, const char *format, const char *what); /* returns false */
bool order_expected(Order *order, const Incident *incident); /* is it what the operator saw? incident may be NULL */

/* The verbs that tell how far an incident is; each returns whether it was done. */
bool order_confirm(Order *order);
bool order_reject(Order *order);
bool order_assign(Order *order);
bool order_dispose(Order *order);
bool order_verify(Order *order);
bool order_close(Order *order);
bool order_reopen(Order *order);
bool order_note(Order *order);
bool order_undo(Order *order);

void order_moved_room(Order *order, size_t size); /* before so many members move */
/* Ends the member's link and makes one by this command. */
void order_move(Order *order, Member *member, Incident *to);

/* What the command changes, noted while it is obeyed: before a member moves, after an incident was merged away. */
void effect_moved(Order *order, const Member *member);
void effect_stayed(Order *order, const Member *member);
void effect_doubted(Order *order, const Member *member);
void effect_redirect(Order *order, const Incident *incident);
void effect_named(Order *order);
void effect_before(Order *order, const Incident *incident);
void effect_save(Zone *zone, const char *command, const json_t *effect);
void effect_keep(Order *order); /* nothing when it changed nothing that can be undone */
