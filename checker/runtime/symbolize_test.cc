// SPDX-License-Identifier: MIT
#include "checker/runtime/symbolize.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>

#include "checker/runtime/symbolize_probe.h"

namespace graze {
namespace {

struct Seen {
  Site site;
  unsigned line;
};

[[gnu::noinline]] Seen user_function(Probe& probe) {
  Seen seen{nullptr, 0};
  seen.line = __LINE__ + 1;
  seen.site = probe;
  return seen;
}

TEST(Symbolize, FindsTheUsersLineBehindInlinedWrappers) {
  Probe probe;
  const Seen seen = user_function(probe);
  ASSERT_EQ(ClassifySite(seen.site), SiteTag::kCode);
  const SourcePosition position = Symbolize(seen.site);
  EXPECT_EQ(position.file, "checker/runtime/symbolize_test.cc");
  EXPECT_EQ(position.function, "user_function");
  EXPECT_EQ(position.line, seen.line);
}

TEST(Symbolize, ReadsAnExplicitSite) {
  static const SourceSite site = {__FILE__, "int cpumap::v5_9::bq_enqueue(bpf_cpu_map_entry*, xdp_frame*)", 42, 0};
  ASSERT_EQ(ClassifySite(&site), SiteTag::kSource);
  const SourcePosition position = Symbolize(&site);
  EXPECT_EQ(position.file, "checker/runtime/symbolize_test.cc");
  EXPECT_EQ(position.function, "bq_enqueue");
  EXPECT_EQ(position.line, 42u);
}

TEST(Symbolize, DegradesWithoutASite) {
  const SourcePosition position = Symbolize(nullptr);
  EXPECT_EQ(position.file, "?");
  EXPECT_EQ(position.function, "?");
  EXPECT_EQ(position.line, 0u);
}

TEST(Symbolize, DegradesForCodeWithoutDebugInformation) {
  const SourcePosition position = Symbolize(reinterpret_cast<Site>(reinterpret_cast<uintptr_t>(&abort) + 1));
  EXPECT_FALSE(position.function.empty());
}

TEST(BareFunctionName, KeepsOnlyTheName) {
  EXPECT_EQ(BareFunctionName("int cpumap::v5_9::bq_enqueue(bpf_cpu_map_entry*, xdp_frame*)"), "bq_enqueue");
  EXPECT_EQ(BareFunctionName("bq_enqueue"), "bq_enqueue");
  EXPECT_EQ(BareFunctionName("cpumap::v5_9::put_cpu_map_entry"), "put_cpu_map_entry");
  EXPECT_EQ(BareFunctionName("std::function<void(int)> specs::{anonymous}::Make(int)"), "Make");
  EXPECT_EQ(BareFunctionName("void (anonymous namespace)::Poll(int)"), "Poll");
  EXPECT_EQ(BareFunctionName("T graze::atomic<T>::load() const [with T = int]"), "load");
  EXPECT_EQ(BareFunctionName("void specs::Body(const Variant&)::<lambda()>"), "Body");
  EXPECT_EQ(BareFunctionName("graze::plain<T>::operator=(T)"), "operator=");
  EXPECT_EQ(BareFunctionName("void Swap<std::vector<int>>(int)"), "Swap");
}

TEST(RelativeSourcePath, LeavesForeignPathsAlone) {
  EXPECT_EQ(RelativeSourcePath("/usr/include/x/../stdio.h"), "/usr/include/stdio.h");
  EXPECT_EQ(RelativeSourcePath("model/cpumap/v5_9/cpumap.cc"), "model/cpumap/v5_9/cpumap.cc");
}

}  // namespace
}  // namespace graze
