"""What schemathesis is told (tests/system/84_contract.sh). It has one key for all commands but those that are about the key; with it all after the first would be 422."""

import os

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    del context, kwargs
    if case.headers and len(case.headers.get("Idempotency-Key") or "") == 1:
        case.headers["Idempotency-Key"] = os.urandom(8).hex()
