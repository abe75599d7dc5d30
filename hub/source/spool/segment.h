#pragma once

/*
 * One file of a spool: records one behind the other, in a file whose room is taken beforehand, so that a disk that fills up
 * never stops a record in the midst.
 *
 *     length of the body (u32), CRC-32 of the body (u32), body; all little-endian; a length of 0 ends the file
 *
 * CRC-32 is that of ISO 3309 (and of zip). A write that a kill or a power cut tore shows as a record that does not check:
 * opening cuts it off, with all behind it. Without a folder a segment is memory without a name.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdint.h>

enum { SEGMENT_HEADER = 8 };

typedef struct {
        uint32_t number;
        uint32_t size, room; /* end of the last whole record; bytes of the file */
        int descriptor;      /* -1: none */
} Segment;

typedef struct {
        uint32_t records; /* whole ones from `from` on */
        uint32_t from;    /* what was asked for, 0 when no record ends there */
        bool torn;        /* something was cut off */
} SegmentScan;

#define SEGMENT_NONE ((Segment){ .descriptor = -1 })

/* folder is a descriptor, or -1; durable: the name survives a power cut too. ERR_RETRY when there is no room. */
bool segment_create(Segment *segment, int folder, uint32_t number, uint32_t room, bool durable, Error *err);
bool segment_open(Segment *segment, int folder, uint32_t number, SegmentScan *scan, Error *err);
/* Behind the last record. segment->size stays: the caller moves it when others may see the record. */
bool segment_write(const Segment *segment, char *body, uint32_t size, bool durable, Error *err);
bool segment_read(const Segment *segment, uint32_t offset, uint32_t end, Buffer *body,
                  Error *err);                     /* the record at offset */
void segment_remove(Segment *segment, int folder); /* also closes */
void segment_close(Segment *segment);

bool segment_number(const char *name, uint32_t *number); /* of a file's name */
uint32_t segment_crc(const void *bytes, size_t size);
