// Loading, in two steps: plan_load compares a checkpoint with a model, build_storage reads values.
#pragma once

#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/load_options.hpp"
#include "xzoo/io/load_plan.hpp"
#include "xzoo/io/weight_storage.hpp"
