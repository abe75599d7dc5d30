"""Ids as the contract says: platform:space:source_id[:revision], each part percent-encoded, SHA-256 in place of a long source id."""

import hashlib

MOST = 128


def _escape(part):
    return "".join("%%%02X" % ord(c) if c in "%:" or ord(c) < 32 or ord(c) == 127 else c for c in part)


def _source(platform, space, source_id, revision):
    whole = ":".join(_escape(part) for part in (platform, space, source_id, revision))
    if len(whole.encode()) <= MOST:
        return _escape(source_id)
    return hashlib.sha256(source_id.encode()).hexdigest()


def event_id(platform, space, source_id, revision):
    parts = _escape(platform), _escape(space), _source(platform, space, source_id, revision), _escape(revision)
    return ":".join(parts)


def subject_id(platform, space, source_id, revision=""):
    return ":".join((_escape(platform), _escape(space), _source(platform, space, source_id, revision)))
