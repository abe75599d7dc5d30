"""sync.py FOLDER: the milliseconds that writing 500 bytes through to the disk takes, in a file whose room is taken beforehand: the median of 200."""

import os
import statistics
import sys
import tempfile
import time


def main(folder):
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, 1024 * 1024)
        os.fsync(file.fileno())
        for number in range(200):
            begin = time.monotonic()
            os.pwrite(file.fileno(), b"x" * 500, number * 500)
            os.fdatasync(file.fileno())
            took.append(time.monotonic() - begin)
    print("%.2f" % (statistics.median(took) * 1000))


main(sys.argv[1])
