// SPDX-License-Identifier: MIT
#include "specs/patches/build_tree.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace specs {

bool FindBuildTree(BuildTree* tree, std::string* error) {
  constexpr char kHome[] = "CMAKE_HOME_DIRECTORY:INTERNAL=";
  std::error_code failed;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  tree->build = self.parent_path().parent_path().string();
  std::ifstream cache(tree->build + "/CMakeCache.txt");
  for (std::string line; std::getline(cache, line);) {
    if (line.starts_with(kHome)) tree->source = line.substr(sizeof kHome - 1);
  }
  if (!tree->source.empty() && std::filesystem::is_directory(tree->source + "/model/cpumap", failed)) return true;
  *error = "this needs the build folder and the sources, and " + self.string() + " stands beside neither; run ci/graze in a checkout";
  return false;
}

BuildLock::BuildLock(const BuildTree& tree) : fd_(open((tree.build + "/ci-build.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (fd_ >= 0) flock(fd_, LOCK_EX);
}

BuildLock::~BuildLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace specs
