/* The rows of a batch: from a zone's changes into COPY buffers. */

#include "hub/correlate/store_private.h"

#include "hub/base/text.h"

#include <stdio.h>
#include <string.h>

static void point(DbCopy *copy, GeoPoint point)
{
        char text[32];

        if (!geo_known(point)) {
                db_copy_text(copy, NULL);
                db_copy_text(copy, NULL);
                return;
        }
        snprintf(text, sizeof text, "%.7f", (double)point.lon / 1e7);
        db_copy_text(copy, text);
        snprintf(text, sizeof text, "%.7f", (double)point.lat / 1e7);
        db_copy_text(copy, text);
}

static void platforms_add(DbCopy *copy, const Incident *incident)
{
        const char *platforms[INCIDENT_PLATFORMS_MOST];
        CLEANUP(mem_drop) char *array = db_array(platforms, incident_platforms(incident, platforms), 1);

        db_copy_text(copy, array);
}

static void incident_row(Store *store, const Zone *zone, const Incident *incident)
{
        CLEANUP(buffer_free) Buffer state = { 0 };
        CLEANUP(buffer_free) Buffer context = { 0 };
        DbCopy *copy = &store->rows->incidents;

        db_copy_text(copy, incident->id);
        db_copy_text(copy, zone_id(zone));
        db_copy_text(copy, incident->number);
        db_copy_integer(copy, store->epoch);
        db_copy_integer(copy, incident->version);
        db_copy_text(copy, state_name(incident->state));
        db_copy_text(copy, severity_name(incident->severity));
        db_copy_text(copy, incident->category);
        db_copy_text(copy, incident->category_name);
        db_copy_text(copy, incident->title);
        point(copy, incident->point);
        db_copy_integer(copy, (incident->radius_cm + 99) / 100);
        for (size_t part = 0; part < PLACES; part++)
                db_copy_text(copy, incident_place(incident, part));
        db_copy_time(copy, incident->opened);
        db_copy_time(copy, incident->updated);
        db_copy_time(copy, incident->deadline);
        db_copy_time(copy, incident->closed);
        db_copy_text(copy, incident->founding_event);
        db_copy_integer(copy, (int64_t)incident->reports);
        platforms_add(copy, incident);
        db_copy_text(copy, *incident->merged_into ? incident->merged_into : NULL);
        db_copy_text(copy, *incident->recurrence_of ? incident->recurrence_of : NULL);
        db_copy_text(copy, incident->assigned);
        db_copy_text(copy, incident->assigned_by);
        db_copy_time(copy, incident->assigned_at);
        db_copy_integer(copy, store->named.number);
        db_copy_integer(copy, incident->candidate_until);
        db_copy_integer(copy, incident->kept_until);
        incident_context_write(&context, incident);
        db_copy_text(copy, context.bytes);
        incident_write_beside(&state, incident);
        db_copy_bytes(copy, state.bytes, state.size);
        db_copy_row(copy);
        for (size_t i = 0; i < incident->suggested_size; i++) {
                db_copy_text(&store->rows->suggestions, incident->id);
                db_copy_text(&store->rows->suggestions, incident->suggested[i].incident);
                db_copy_integer(&store->rows->suggestions, incident->suggested[i].score);
                db_copy_row(&store->rows->suggestions);
        }
}

static void subject_row(Store *store, const Zone *zone, const Member *member)
{
        CLEANUP(buffer_free) Buffer state = { 0 };
        DbCopy *copy = &store->rows->subjects;
        const char *const texts[] = { zone_id(zone),
                                      member->subject,
                                      member->incident->id,
                                      member->platform,
                                      member->channel,
                                      member->first_event,
                                      member->last_event,
                                      state_name(member->state),
                                      member->outcome == OUTCOME_NONE ? NULL : outcome_name(member->outcome),
                                      severity_name(member->severity),
                                      member->category,
                                      member->title };

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                db_copy_text(copy, texts[i]);
        db_copy_time(copy, member->occurred);
        db_copy_time(copy, member->updated);
        db_copy_time(copy, member->closed);
        db_copy_time(copy, member->deadline);
        point(copy, member->point);
        db_copy_integer(copy, (member->accuracy_cm + 99) / 100);
        db_copy_flag(copy, member_active(member));
        member_write_beside(&state, member);
        db_copy_bytes(copy, state.bytes, state.size);
        db_copy_row(copy);
}

/* What became of a link within the very batch that made it: the first end that came after it, and any doubt. */
static void link_end(const Changes *changes, size_t link, int64_t *at, bool *doubtful)
{
        *at = TIME_NONE;
        *doubtful = false;
        for (size_t i = 0; i < changes->ends_size && *at == TIME_NONE; i++) {
                const LinkEnd *end = &changes->ends[i];

                if (end->links_before <= link || !text_same(end->subject, changes->links[link].subject))
                        continue;
                *doubtful = *doubtful || end->doubtful_only;
                if (!end->doubtful_only)
                        *at = end->at;
        }
}

static void link_row(Store *store, const Zone *zone, const Changes *changes, size_t index)
{
        const LinkChange *link = &changes->links[index];
        DbCopy *copy = &store->rows->links;
        int64_t ended;
        bool doubtful;

        link_end(changes, index, &ended, &doubtful);
        db_copy_text(copy, zone_id(zone));
        db_copy_text(copy, link->subject);
        db_copy_text(copy, link->incident);
        db_copy_integer(copy, link->position.partition);
        db_copy_integer(copy, link->position.offset);
        db_copy_text(copy, link->event);
        db_copy_time(copy, link->at);
        db_copy_time(copy, ended);
        db_copy_text(copy, link->by);
        db_copy_text(copy, link->decision);
        if (link->scored)
                db_copy_integer(copy, link->score);
        else
                db_copy_text(copy, NULL);
        db_copy_text(copy, link->against);
        db_copy_text(copy, link->reasons);
        db_copy_text(copy, link->refused);
        db_copy_integer(copy, store->named.number);
        db_copy_flag(copy, doubtful);
        db_copy_row(copy);
}

/* Whatever comes after the end of the link that was stored is of a link of this batch: link_end() has it. */
static bool is_of_stored(const Changes *changes, size_t index)
{
        for (size_t i = 0; i < index; i++)
                if (!changes->ends[i].doubtful_only &&
                    text_same(changes->ends[i].subject, changes->ends[index].subject))
                        return false;
        return true;
}

static void end_row(Store *store, const Zone *zone, const LinkEnd *end)
{
        db_copy_text(&store->rows->ends, zone_id(zone));
        db_copy_text(&store->rows->ends, end->subject);
        db_copy_time(&store->rows->ends, end->at);
        db_copy_flag(&store->rows->ends, end->doubtful_only);
        db_copy_row(&store->rows->ends);
}

static void version_row(Store *store, const Zone *zone, const VersionChange *version)
{
        if (!store->replay) { /* nobody follows a generation that is not live */
                db_copy_integer(&store->rows->outbox, (int64_t)store->rows->outbox.count);
                db_copy_text(&store->rows->outbox, zone_id(zone));
                db_copy_text(&store->rows->outbox, version->incident);
                db_copy_integer(&store->rows->outbox, store->epoch);
                db_copy_integer(&store->rows->outbox, version->version);
                db_copy_text(&store->rows->outbox, version->payload);
                db_copy_row(&store->rows->outbox);
        }
        db_copy_text(&store->rows->status, version->incident);
        db_copy_integer(&store->rows->status, store->epoch);
        db_copy_integer(&store->rows->status, version->version);
        db_copy_text(&store->rows->status, version->change);
        db_copy_text(&store->rows->status, version->before == STATE_NONE ? NULL : state_name(version->before));
        db_copy_text(&store->rows->status, state_name(version->after));
        db_copy_time(&store->rows->status, version->at);
        db_copy_text(&store->rows->status, version->cause);
        db_copy_row(&store->rows->status);
}

static void zone_row_write(Store *store, const Zone *zone)
{
        CLEANUP(buffer_free) Buffer state = { 0 };

        zone_write(&state, zone);
        const char *const values[] = { zone_id(zone), state.bytes };
        store_later(store, "INSERT INTO zone VALUES ($1, $2) ON CONFLICT (zone) DO UPDATE SET state = excluded.state",
                    values, 2);
}

static void pair_write(Store *store, const Zone *zone, const PairChange *pair)
{
        const char *const values[] = { zone_id(zone), pair->one, pair->other, pair->rule, pair->command };

        if (!pair->rule)
                store_later(store, "DELETE FROM pair_rule WHERE zone = $1 AND one = $2 AND other = $3", values, 3);
        else
                store_later(
                        store,
                        "INSERT INTO pair_rule VALUES ($1, $2, $3, $4, $5) ON CONFLICT (zone, one, other) DO UPDATE "
                        "SET rule = excluded.rule,"
                        " command = excluded.command",
                        values, 5);
}

static void effect_write(Store *store, const Zone *zone, const EffectChange *effect)
{
        const char *const values[] = { zone_id(zone), effect->command, effect->effect };

        store_later(store,
                    "INSERT INTO command_effect VALUES ($1, $2, $3) ON CONFLICT (zone, command) DO UPDATE"
                    " SET effect = excluded.effect",
                    values, 3);
}

static void context_write(Store *store, const Zone *zone, const ContextChange *context)
{
        const char *const values[] = { zone_id(zone), context->subject, context->row };

        if (!context->row)
                store_later(store, "DELETE FROM context WHERE zone = $1 AND subject = $2", values, 2);
        else
                store_later(store,
                            "INSERT INTO context VALUES ($1, $2, $3) ON CONFLICT (zone, subject) DO UPDATE"
                            " SET correlator = excluded.correlator",
                            values, 3);
}

static void command_write_row(Store *store, const Zone *zone, const CommandChange *command)
{
        char partition[16], offset[24], at[TIME_TEXT_SIZE];
        const char *const values[] = { command->id,
                                       zone_id(zone),
                                       command->verb,
                                       command->by,
                                       time_text(command->at, at),
                                       command->reason ? "refused" : "done",
                                       command->reason,
                                       command->incident,
                                       partition,
                                       offset,
                                       command->note,
                                       command->args };

        snprintf(partition, sizeof partition, "%d", command->position.partition);
        snprintf(offset, sizeof offset, "%lld", (long long)command->position.offset);
        store_later(store,
                    "INSERT INTO ops.command (id, zone, verb, by_whom, at, outcome, reason, incident, partition, "
                    "\"offset\", note, args)"
                    " VALUES ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8, $9::int, $10::bigint, $11, $12)",
                    values, 12);
}

void store_changes(Store *store, Zone *zone)
{
        const Changes *changes = zone_changes(zone);

        for (size_t i = 0; i < changes->incidents_size; i++)
                incident_row(store, zone, changes->incidents[i]);
        for (size_t i = 0; i < changes->members_size; i++)
                subject_row(store, zone, changes->members[i]);
        for (size_t i = 0; i < changes->ends_size; i++)
                if (is_of_stored(changes, i))
                        end_row(store, zone, &changes->ends[i]);
        for (size_t i = 0; i < changes->links_size; i++)
                link_row(store, zone, changes, i);
        for (size_t i = 0; i < changes->versions_size; i++)
                version_row(store, zone, &changes->versions[i]);
        for (size_t i = 0; i < changes->pairs_size; i++)
                pair_write(store, zone, &changes->pairs[i]);
        for (size_t i = 0; i < changes->effects_size; i++)
                effect_write(store, zone, &changes->effects[i]);
        for (size_t i = 0; i < changes->contexts_size; i++)
                context_write(store, zone, &changes->contexts[i]);
        for (size_t i = 0; !store->replay && i < changes->commands_size; i++)
                command_write_row(store, zone, &changes->commands[i]);
        zone_row_write(store, zone);
        store_words_write(store, zone);
}
