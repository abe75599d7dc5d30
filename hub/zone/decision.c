#include "hub/zone/decision.h"

#include <string.h>

static void text_member(Buffer *out, const char *key, const char *text)
{
        if (!text)
                return;
        buffer_format(out, ",\"%s\":", key);
        json_write_text(out, text, strlen(text));
}

static void event_write_members(Buffer *out, const EventValue *value, const Member *member)
{
        const Event *event = &value->event;

        if (value->kind == KIND_COMMAND || value->kind == KIND_TICK)
                return;
        text_member(out, "subject", event->subject);
        text_member(out, "kind", kind_name(value->kind));
        text_member(out, "platform", event->platform);
        text_member(out, "channel", member ? member->channel : event->source.channel);
        text_member(out, "category", member ? member->category : event->category.code);
}

/* Of a new incident those alone that registries give: what it was compared with it did not join. */
static void reasons_write(Buffer *out, const ZoneDecision *decision)
{
        Choice said = decision->choice;

        said.compared = decision->kind == DECISION_JOIN;
        buffer_text(out, ",\"reasons\":");
        choice_reasons_write(out, &said);
}

static void choice_write(Buffer *out, const ZoneDecision *decision)
{
        const Choice *choice = &decision->choice;

        if (decision->kind == DECISION_JOIN) {
                text_member(out, "against", choice->score.against->last_event);
                buffer_format(out, ",\"score\":%d", choice->score.mean.total);
        }
        if (decision->kind == DECISION_JOIN || (decision->kind == DECISION_NEW && choice_has_context(choice)))
                reasons_write(out, decision);

        if (decision->kind == DECISION_NEW && choice->suggested_size > 0) {
                buffer_text(out, ",\"suggested\":[");
                for (size_t i = 0; i < choice->suggested_size; i++)
                        buffer_format(out, "%s{\"incident\":\"%s\",\"score\":%d}", i ? "," : "",
                                      choice->suggested[i].incident, choice->suggested[i].score);
                buffer_byte(out, ']');
        }
}

static void moved_write(Buffer *out, const ZoneDecision *decision)
{
        if (decision->moved_size == 0)
                return;
        buffer_text(out, ",\"moved\":[");
        for (size_t i = 0; i < decision->moved_size; i++) {
                buffer_text(out, i ? ",{\"subject\":" : "{\"subject\":");
                json_write_text(out, decision->moved[i].subject, strlen(decision->moved[i].subject));
                buffer_format(out, ",\"incident\":\"%s\"}", decision->moved[i].incident);
        }
        buffer_byte(out, ']');
}

void decision_write(Buffer *out, const EventValue *value, const ZoneDecision *decision)
{
        static const char *const names[] = { "new", "join", "update", "duplicate", "ignore", "command" };

        buffer_text(out, "{\"event\":");
        json_write_text(out, value->id, strlen(value->id));
        event_write_members(out, value, decision->member);
        if (value->kind == KIND_COMMAND || value->kind == KIND_TICK)
                text_member(out, "kind", kind_name(value->kind));
        text_member(out, "decision", names[decision->kind]);
        if (decision->incident) {
                text_member(out, "incident", decision->incident->id);
                text_member(out, "state", state_name(decision->incident->state));
        }
        choice_write(out, decision);
        text_member(out, "refused", decision->refusal);
        moved_write(out, decision);
        buffer_byte(out, '}');
}
