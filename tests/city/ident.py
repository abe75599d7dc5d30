"""Ids as the contract says: platform:space:source_id[:revision], each part percent-encoded; SHA-256 in place of the source id of a subject, and of a
revision, over 128 bytes."""

import hashlib

MOST = 128


def _escape(part):
    return "".join("".join("%%%02X" % byte for byte in c.encode()) if c in "%:" or c.isspace() or ord(c) < 32 or ord(c) == 127 else c for c in part)


def subject_id(platform, space, source_id):
    subject = ":".join(_escape(part) for part in (platform, space, source_id))
    if len(subject.encode()) <= MOST:
        return subject
    return ":".join((_escape(platform), _escape(space), hashlib.sha256(source_id.encode()).hexdigest()))


def event_id(platform, space, source_id, revision):
    if len(revision.encode()) > MOST:
        revision = hashlib.sha256(revision.encode()).hexdigest()
    return "%s:%s" % (subject_id(platform, space, source_id), _escape(revision))
