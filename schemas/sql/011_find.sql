-- hub find: from a platform's own number to all that is known of it. The number is the third part of ids and subjects.

CREATE INDEX record_source ON ods.record (split_part(id, ':', 3));
CREATE INDEX subject_source ON dw_1.subject (split_part(subject, ':', 3));
