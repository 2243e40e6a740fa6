#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modpost on damaged objects: damaged_objects.py. TAP.
exec python3 "${UMDEV_SOURCE_DIR:?}/tests/unit/damaged_objects.py"
