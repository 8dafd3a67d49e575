#!/bin/sh
# What is compiled for one architecture may show nothing but its table: a function that another
# part of a program calls, too, could be replaced by one with instructions that the CPU has not.
# Usage: check_symbols.sh NM LIBRARY ARCHITECTURE...
set -eu
nm=$1
library=$2
shift 2
for architecture in "$@"; do
    table=xzoo_kernels_$architecture
    found=$("$nm" --defined-only --extern-only "$library" |
        awk -v member="$table.o:" 'NF == 1 { inside = $1 == member } inside && NF == 3 { print $3 }')
    if [ "$found" != "$table" ]; then
        echo "$table.o shows: $found" >&2
        exit 1
    fi
done
