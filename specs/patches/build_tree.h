// SPDX-License-Identifier: MIT
// Where this program was built, and from which sources: changed copies of a port are built there.
#ifndef SPECS_PATCHES_BUILD_TREE_H_
#define SPECS_PATCHES_BUILD_TREE_H_

#include <string>

namespace specs {

struct BuildTree {
  std::string build;   // folder of the CMake cache
  std::string source;  // top folder of the sources
};

// False with one line if this program stands in no build folder, as an installed one does.
bool FindBuildTree(BuildTree* tree, std::string* error);

// Held while something is built there: two builds in one folder disturb each other. ci/build takes the same lock.
class BuildLock {
 public:
  explicit BuildLock(const BuildTree& tree);
  ~BuildLock();
  BuildLock(const BuildLock&) = delete;
  BuildLock& operator=(const BuildLock&) = delete;

 private:
  int fd_;
};

}  // namespace specs

#endif  // SPECS_PATCHES_BUILD_TREE_H_
