#!/bin/sh
# Builds and runs the consumer project with the flags of pkg-config alone.
# Usage: pkg_config.sh COMPILER PKG_CONFIG_DIR PROJECT OUTPUT FLAGS...
set -eu
compiler=$1 project=$3 output=$4
PKG_CONFIG_PATH=$2
export PKG_CONFIG_PATH
shift 4
cflags=$(pkg-config --cflags xzoo)
libs=$(pkg-config --libs xzoo)
# shellcheck disable=SC2086  # several flags each
"$compiler" -std=c++20 -DXZOO_ONE_UNIT "$@" $cflags "$project/main.cpp" -o "$output" $libs
exec "$output"
