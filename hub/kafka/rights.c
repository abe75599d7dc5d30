#include "hub/kafka/admin.h"

#include "hub/base/memory.h"

static const rd_kafka_AclOperation_t operations[] = {
        [KAFKA_READ] = RD_KAFKA_ACL_OPERATION_READ,
        [KAFKA_WRITE] = RD_KAFKA_ACL_OPERATION_WRITE,
        [KAFKA_ALL] = RD_KAFKA_ACL_OPERATION_ALL,
};

static void binding_drop(rd_kafka_AclBinding_t **binding)
{
        if (*binding)
                rd_kafka_AclBinding_destroy(*binding);
}

static rd_kafka_AclBinding_t *binding_make(const KafkaRight *right, Error *err)
{
        CLEANUP(mem_drop) char *principal = text_format("User:%s", right->login);
        char text[TEXT_ROOM];
        rd_kafka_AclBinding_t *binding = rd_kafka_AclBinding_new(
                right->is_group ? RD_KAFKA_RESOURCE_GROUP : RD_KAFKA_RESOURCE_TOPIC, right->name,
                right->is_prefix ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL, principal,
                "*", operations[right->operation], RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, text, sizeof(text));

        if (!binding)
                error_set(err, ERR_FATAL, NULL, "kafka: a right of %s on %s: %s", right->login, right->name, text);
        return binding;
}

/* The one right's verdict. A broker without an authorizer refuses all of them. */
static bool verdict_read(rd_kafka_event_t *event, const KafkaRight *right, Error *err)
{
        rd_kafka_resp_err_t code = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
        const char *text = event && code ? rd_kafka_event_error_string(event) : rd_kafka_err2str(code);
        const rd_kafka_acl_result_t **results;
        const rd_kafka_error_t *error = NULL;
        size_t size = 0;

        if (!code) {
                results = rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), &size);
                error = size ? rd_kafka_acl_result_error(results[0]) : NULL;
        }
        if (error) {
                code = rd_kafka_error_code(error);
                text = rd_kafka_error_string(error);
        }
        return !code || error_set(err, code == RD_KAFKA_RESP_ERR_SECURITY_DISABLED ? ERR_FATAL : ERR_RETRY, NULL,
                                  "kafka: a right of %s on %s: %s", right->login, right->name, text);
}

static bool right_grant(rd_kafka_t *client, const KafkaRight *right, Error *err)
{
        CLEANUP(binding_drop) rd_kafka_AclBinding_t *binding = binding_make(right, err);
        CLEANUP(admin_request_drop)
        rd_kafka_AdminOptions_t *request = admin_request(client, RD_KAFKA_ADMIN_OP_CREATEACLS);
        CLEANUP(admin_queue_drop) rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
        CLEANUP(admin_event_drop) rd_kafka_event_t *event = NULL;

        if (!binding)
                return false;
        rd_kafka_CreateAcls(client, &binding, 1, request, queue);
        event = rd_kafka_queue_poll(queue, ADMIN_WAIT_MS);
        return verdict_read(event, right, err);
}

bool kafka_rights_grant(const KafkaOptions *options, const KafkaRight *rights, size_t size, Error *err)
{
        CLEANUP(admin_client_drop) rd_kafka_t *client = admin_client(options, err);

        if (!client)
                return false;
        for (size_t i = 0; i < size; i++)
                if (!right_grant(client, &rights[i], err))
                        return error_add(err, "%s", options->brokers);
        return true;
}
