// SPDX-License-Identifier: MIT
// The sequential specification itself. Errors and their order are those of the checks in v5.9's cpu_map_update_elem() and
// cpu_map_delete_elem(), read from top to bottom; each update is wrong in everything that is looked at later, too.
#include "specs/invariants/map_spec.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace specs {
namespace {

constexpr uint32_t kEntries = 4, kImpossible = 3, kLongest = 16384, kTooLong = 16385;
constexpr uint32_t kNoExist = 1, kExist = 2, kNoSuchFlag = 3;
constexpr int kProgram = 1, kOtherProgram = 2, kNoProgram = 9;

MapFacts Facts() {
  MapFacts facts;
  facts.max_entries = kEntries;
  facts.possible_cpus = 0b11;
  facts.programs = {{kProgram, 101}, {kOtherProgram, 0}};
  return facts;
}

MapCommand Update(uint32_t key, uint32_t qsize, int fd, uint32_t flags, int error) {
  MapCommand command;
  command.key = key;
  command.qsize = qsize;
  command.fd = fd;
  command.flags = flags;
  command.error = error;
  return command;
}

MapCommand Delete(uint32_t key, int error) {
  MapCommand command;
  command.kind = MapCommand::kDelete;
  command.key = key;
  command.error = error;
  return command;
}

MapCommand Lookup(uint32_t key, int error, uint32_t qsize = 0, uint32_t program = 0) {
  MapCommand command;
  command.kind = MapCommand::kLookup;
  command.key = key;
  command.error = error;
  command.found_qsize = qsize;
  command.found_program = program;
  return command;
}

TEST(MapSpec, LooksAtFlagsKeyNoExistSizeCpuAndProgramInThatOrder) {
  const MapFacts facts = Facts();
  const MapSpec spec(facts);
  const auto error_of = [&](uint32_t key, uint32_t qsize, int fd, uint32_t flags) {
    bool may_fail = true;
    const int error = spec.ErrorOfUpdate(Update(key, qsize, fd, flags, 0), &may_fail);
    EXPECT_FALSE(may_fail);
    return error;
  };
  EXPECT_EQ(error_of(kEntries, kTooLong, kNoProgram, kNoSuchFlag), EINVAL);
  EXPECT_EQ(error_of(kEntries, kTooLong, kNoProgram, kNoExist), E2BIG);
  EXPECT_EQ(error_of(kImpossible, kTooLong, kNoProgram, kNoExist), EEXIST);
  EXPECT_EQ(error_of(kImpossible, kTooLong, kNoProgram, kExist), EOVERFLOW);
  EXPECT_EQ(error_of(kImpossible, kLongest, kNoProgram, kExist), ENODEV);
  EXPECT_EQ(error_of(kImpossible, 0, kNoProgram, 0), ENODEV);
  EXPECT_EQ(error_of(1, kLongest, kNoProgram, 0), ENOMEM);
  EXPECT_EQ(error_of(1, kLongest, kOtherProgram, 0), ENOMEM);
  EXPECT_EQ(error_of(1, kLongest, kProgram, kExist), 0);
  EXPECT_EQ(error_of(1, 0, kNoProgram, 0), 0) << "a delete asks for no program";
}

TEST(MapSpec, DeletesWhatIsNotThereAndRefusesOnlyKeysBeyondTheMap) {
  const MapFacts facts = Facts();
  MapSpec spec(facts);
  EXPECT_TRUE(spec.Apply(Delete(kImpossible, 0)));
  EXPECT_TRUE(spec.Apply(Delete(kEntries, EINVAL)));
  EXPECT_FALSE(spec.Apply(Delete(1, ENOENT)));
  EXPECT_FALSE(spec.Apply(Delete(kEntries, E2BIG)));
}

TEST(MapSpec, FindsWhatWasStoredWithTheIdOfItsProgram) {
  const MapFacts facts = Facts();
  MapSpec spec(facts);
  EXPECT_TRUE(spec.Apply(Lookup(1, ENOENT)));
  EXPECT_TRUE(spec.Apply(Update(1, 8, kProgram, 0, 0)));
  EXPECT_TRUE(spec.Apply(Lookup(1, 0, 8, 101)));
  EXPECT_FALSE(spec.Apply(Lookup(1, 0, 8, 0)));
  EXPECT_TRUE(spec.Apply(Update(1, 4, kOtherProgram, 0, ENOMEM)));
  EXPECT_TRUE(spec.Apply(Lookup(1, 0, 8, 101))) << "a failed update changes nothing";
  EXPECT_TRUE(spec.Apply(Update(1, 0, 0, 0, 0)));
  EXPECT_TRUE(spec.Apply(Lookup(1, ENOENT)));
}

MapCommand NextKey(uint32_t key, int error, uint32_t found = 0) {
  MapCommand command;
  command.kind = MapCommand::kNextKey;
  command.key = key;
  command.error = error;
  command.found_key = found;
  return command;
}

TEST(MapSpec, CountsKeysWhateverIsStored) {
  const MapFacts facts = Facts();
  MapSpec spec(facts);
  for (int updates = 0; updates < 2; ++updates) {
    MapCommand first = NextKey(kEntries - 1, 0, 0);
    first.from_start = true;
    EXPECT_TRUE(spec.Apply(first)) << "a walk begins at key 0, whatever the key that is not there";
    first.found_key = 1;
    EXPECT_FALSE(spec.Apply(first));
    EXPECT_TRUE(spec.Apply(NextKey(kEntries, 0, 0))) << "and starts over from what is no key";
    EXPECT_FALSE(spec.Apply(NextKey(kEntries, ENOENT)));
    EXPECT_TRUE(spec.Apply(NextKey(0, 0, 1)));
    EXPECT_FALSE(spec.Apply(NextKey(0, 0, 2)));
    EXPECT_FALSE(spec.Apply(NextKey(1, ENOENT))) << "nothing is stored at the next key, which is one all the same";
    EXPECT_TRUE(spec.Apply(NextKey(kEntries - 1, ENOENT)));
    EXPECT_FALSE(spec.Apply(NextKey(kEntries - 1, 0, kEntries)));
    EXPECT_TRUE(spec.Apply(Update(1, 8, 0, 0, 0)));
  }
  EXPECT_TRUE(spec.Apply(Lookup(1, 0, 8))) << "a walk changes nothing";
}

TEST(MapSpec, LetsAnUpdateFailForWantOfMemoryOnlyWhereThatCanHappen) {
  MapFacts facts = Facts();
  EXPECT_FALSE(MapSpec(facts).Apply(Update(1, 8, 0, 0, ENOMEM)));
  facts.allocations_fail = true;
  EXPECT_TRUE(MapSpec(facts).Apply(Update(1, 8, 0, 0, ENOMEM)));
  EXPECT_FALSE(MapSpec(facts).Apply(Update(1, 0, 0, 0, ENOMEM))) << "a delete allocates nothing";
}

}  // namespace
}  // namespace specs
