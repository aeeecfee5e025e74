// SPDX-License-Identifier: MIT
#include <iostream>

#include "checker/cli/run_main.h"

int main(int argc, char** argv) { return graze::RunMain(argc, argv, std::cout, std::cerr); }
