// SPDX-License-Identifier: GPL-2.0-only
// What user space and a driver see of v7.1's cpumap when nothing goes wrong. Expected results come from the statements of
// kernel/bpf/cpumap.c at that tag; races and teardown are the scenarios' business (specs/).
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "checker/api/assert.h"
#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/redirect_glue.h"
#include "model/cpumap/syscall.h"
#include "model/cpumap/xdp.h"
#include "model/kernel/cpumask.h"
#include "model/kernel/task.h"

namespace cpumap {
namespace {

using kernel::bpf_cpumap_val;
using kernel::bpf_map;
using kernel::u32;

void BootV71(const Bounds &small = {.bulk = 1, .batch = 1}, kernel::KernelConfig config = {})
{
	config.stop_sets_signal = true; // as in that kernel
	Boot(*FindGeneration("v7.1"), small, config);
}

void Finish(bpf_map *map)
{
	MapPut(map);
	kernel::wait_for_quiescence();
}

std::string Describe(const graze::Result &result)
{
	std::string text = result.reason;
	for (const graze::Violation &violation : result.violations) {
		text += "\n" + violation.rule + ": " + violation.message + " (" + violation.function + ")";
		for (const std::string &object : violation.objects)
			text += " " + object;
	}
	return text;
}

// `executions_max` > 0: only so many executions of something too large to exhaust.
void ExpectHolds(void (*body)(), void (*at_end)(graze::Execution &) = nullptr, uint64_t executions_max = 0)
{
	static void (*the_body)();
	static void (*the_end)(graze::Execution &);
	the_body = body;
	the_end = at_end;
	graze::Scenario scenario;
	scenario.name = "cpumap_test";
	scenario.body = [](const graze::Variant &) { the_body(); };
	scenario.at_end = [](const graze::Variant &, graze::Execution &execution) {
		if (the_end != nullptr)
			the_end(execution);
	};
	const graze::Result result = graze::Explore(scenario, {}, {.executions_max = executions_max});
	EXPECT_TRUE(result.violations.empty()) << Describe(result);
	EXPECT_EQ(result.verdict, executions_max == 0 ? graze::Verdict::kVerified : graze::Verdict::kInconclusive) << Describe(result);
	EXPECT_GT(result.executions, 0u);
}

uint64_t CountOf(const graze::Execution &execution, std::string_view tag)
{
	uint64_t n = 0;
	for (const graze::Observation &observation : execution.observations())
		n += tag == observation.tag ? 1 : 0;
	return n;
}

void Expect(graze::Execution &execution, const char *what, uint64_t expected, uint64_t got)
{
	if (expected != got)
		execution.Report("I-TEST", what, std::to_string(expected), std::to_string(got));
}

// ---- creating maps ------------------------------------------------------------------------------------------------------------------

int ErrorOf(const MapOptions &options)
{
	int error = 0;
	bpf_map *map = MapCreate(options, &error);
	if (map != nullptr)
		Finish(map);
	return error;
}

TEST(CpumapV71, ChecksTheAttributesOfAMapBeforeItsSize)
{
	ExpectHolds([] {
		BootV71();
		GRAZE_ASSERT(ErrorOf({.max_entries = 0}) == -EINVAL);
		GRAZE_ASSERT(ErrorOf({.max_entries = 1, .key_size = 8}) == -EINVAL);
		GRAZE_ASSERT(ErrorOf({.max_entries = 1, .value_size = 6}) == -EINVAL);
		GRAZE_ASSERT(ErrorOf({.max_entries = 1, .map_flags = 1}) == -EINVAL);
		GRAZE_ASSERT(ErrorOf({.max_entries = NR_CPUS + 1, .value_size = 6}) == -EINVAL);
		GRAZE_ASSERT(ErrorOf({.max_entries = NR_CPUS + 1}) == -E2BIG);
	});
}

TEST(CpumapV71, AcceptsBothValueSizesTheNumaFlagAndAsManyEntriesAsCpus)
{
	ExpectHolds([] {
		BootV71();
		GRAZE_ASSERT(ErrorOf({.max_entries = NR_CPUS}) == 0);
		GRAZE_ASSERT(ErrorOf({.max_entries = 1, .value_size = 4, .map_flags = kernel::BPF_F_NUMA_NODE}) == 0);
	});
}

TEST(CpumapV71, LeavesNothingBehindWhenAnAllocationOfAMapFails)
{
	ExpectHolds([] {
		BootV71({}, {.alloc_failures = 1});
		const int error = ErrorOf({});
		GRAZE_ASSERT(error == 0 || error == -ENOMEM);
	});
}

// ---- update, delete, lookup, next key -------------------------------------------------------------------------------------------------

TEST(CpumapV71, ChecksTheArgumentsOfAnUpdateInUpstreamsOrder)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 4});
		constexpr u32 kTooLong = 16385;
		// Flags before key before NOEXIST before size before CPU: each line is wrong in everything that comes later, too.
		GRAZE_ASSERT(Update(map, 4, kTooLong, 0, 3) == -EINVAL);
		GRAZE_ASSERT(Update(map, 4, kTooLong, 0, kernel::BPF_NOEXIST) == -E2BIG);
		GRAZE_ASSERT(Update(map, 3, kTooLong, 0, kernel::BPF_NOEXIST) == -EEXIST);
		GRAZE_ASSERT(Update(map, 3, kTooLong, 0, kernel::BPF_EXIST) == -EOVERFLOW);
		GRAZE_ASSERT(Update(map, 3, 16384) == -ENODEV); // CPUs 0 and 1 are possible
		GRAZE_ASSERT(Update(map, 3, 0) == -ENODEV);
		Finish(map);
	});
}

TEST(CpumapV71, DoesNotAskForImpossibleCpusBeyondTheMask)
{
	ExpectHolds([] {
		BootV71({}, {.nr_cpu_ids = 2, .nr_cpumask_bits = 2, .cpu_possible_mask = 1});
		bpf_map *map = MapCreate({.max_entries = 8});
		GRAZE_ASSERT(Update(map, 1, 1) == -ENODEV); // a bit of the mask, not set
		GRAZE_ASSERT(Update(map, 7, 1) == -ENODEV); // beyond the mask
		Finish(map);
	});
}

TEST(CpumapV71, DeletesWithTheirOwnErrorAndWithoutAskingForAnEntry)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 2});
		GRAZE_ASSERT(Delete(map, 2) == -EINVAL); // an update answers E2BIG
		GRAZE_ASSERT(Delete(map, 1) == 0);
		Finish(map);
	});
}

TEST(CpumapV71, LooksUpWhatTheLastUpdateStored)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 2});
		bpf_cpumap_val value;
		GRAZE_ASSERT(Lookup(map, 1, &value) == -ENOENT);
		GRAZE_ASSERT(Lookup(map, 2, &value) == -ENOENT);
		GRAZE_ASSERT(Update(map, 1, 3) == 0);
		GRAZE_ASSERT(Lookup(map, 1, &value) == 0 && value.qsize == 3 && value.bpf_prog.id == 0);
		GRAZE_ASSERT(Lookup(map, 0, &value) == -ENOENT);
		GRAZE_ASSERT(Delete(map, 1) == 0);
		GRAZE_ASSERT(Lookup(map, 1, &value) == -ENOENT);
		Finish(map);
	});
}

TEST(CpumapV71, ReplacesAnEntryAndTakesBPFExistForAny)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 1, .value_size = 4});
		bpf_cpumap_val value;
		GRAZE_ASSERT(Update(map, 0, 1, 0, kernel::BPF_EXIST) == 0); // nothing there yet
		GRAZE_ASSERT(Update(map, 0, 2) == 0);
		GRAZE_ASSERT(Lookup(map, 0, &value) == 0 && value.qsize == 2);
		Finish(map);
	});
}

TEST(CpumapV71, TakesAnUpdateToSizeZeroForADelete)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 2});
		bpf_cpumap_val value;
		GRAZE_ASSERT(Update(map, 1, 1) == 0);
		GRAZE_ASSERT(Update(map, 1, 0) == 0);
		GRAZE_ASSERT(Lookup(map, 1, &value) == -ENOENT);
		Finish(map);
	});
}

TEST(CpumapV71, TakesTheLongestRing)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 2});
		GRAZE_ASSERT(Update(map, 1, 16384) == 0);
		Finish(map);
	});
}

TEST(CpumapV71, WalksOverEveryIndexWhetherOccupiedOrNot)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 3});
		u32 key = 99, next = 99;
		GRAZE_ASSERT(NextKey(map, nullptr, &next) == 0 && next == 0);
		GRAZE_ASSERT(NextKey(map, &key, &next) == 0 && next == 0); // 99 is no key
		for (u32 at = 0; at < 2; ++at)
			GRAZE_ASSERT(NextKey(map, &at, &next) == 0 && next == at + 1);
		key = 2;
		GRAZE_ASSERT(NextKey(map, &key, &next) == -ENOENT);
		Finish(map);
	});
}

TEST(CpumapV71, LeavesNothingBehindWhenAnAllocationOfAnEntryFails)
{
	ExpectHolds([] {
		BootV71({.bulk = 1, .batch = 1}, {.alloc_failures = 1});
		bpf_map *map = MapCreate({});
		if (map == nullptr)
			return;
		kernel::thread_id updater = kernel::task_run("bpf", -1, [](void *of) {
      const int error = Update(static_cast<bpf_map*>(of), 1, 1);
      GRAZE_ASSERT(error == 0 || error == -ENOMEM); }, map);
		kernel::task_join(updater);
		Finish(map);
	});
}

// ---- programs -------------------------------------------------------------------------------------------------------------------------

TEST(CpumapV71, ReportsTheIdOfTheProgramAndDropsItWithTheEntry)
{
	ExpectHolds([] {
		BootV71();
		const int fd = ProgLoad([](kernel::xdp_buff *) -> u32 { return kernel::XDP_PASS; });
		bpf_map *map = MapCreate({.max_entries = 2});
		bpf_cpumap_val value;
		GRAZE_ASSERT(Update(map, 1, 1, fd) == 0);
		GRAZE_ASSERT(Lookup(map, 1, &value) == 0 && value.bpf_prog.id != 0);
		ProgClose(fd);
		Finish(map);
	});
}

TEST(CpumapV71, RefusesOtherProgramsSaysWhyAndChangesNothing)
{
	ExpectHolds([] {
		BootV71();
		const int fd = ProgLoad([](kernel::xdp_buff *) -> u32 { return kernel::XDP_PASS; }, kernel::BPF_XDP);
		bpf_map *map = MapCreate({.max_entries = 2});
		bpf_cpumap_val value;
		GRAZE_ASSERT(Update(map, 1, 1, fd) == -EINVAL);	   // not for cpumaps
		GRAZE_ASSERT(Update(map, 1, 1, fd + 1) == -EBADF); // no such descriptor
		GRAZE_ASSERT(Lookup(map, 1, &value) == -ENOENT);
		ProgClose(fd);
		Finish(map);
	});
}

// ---- frames ---------------------------------------------------------------------------------------------------------------------------

void PollOne(void *map)
{
	GRAZE_ASSERT(Poll(0, static_cast<bpf_map *>(map), 1, 1) == 1);
}

void RunOnePoll(void (*poll)(void *), u32 qsize = 1, int prog_fd = 0)
{
	bpf_map *map = MapCreate({.max_entries = 2});
	GRAZE_ASSERT(Update(map, 1, qsize, prog_fd) == 0);
	kernel::task_join(kernel::task_run("driver", 0, poll, map));
	if (prog_fd > 0)
		ProgClose(prog_fd);
	Finish(map);
}

TEST(CpumapV71, DeliversAFrameToTheStack)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll(&PollOne);
		},
		[](graze::Execution &execution) { Expect(execution, "frames delivered", 1, CountOf(execution, observed::kFrameDelivered)); });
}

// The frames of one poll in the order received, which is the order of staging, and in the order taken.
void ExpectInOrder(graze::Execution &execution, uint64_t frames)
{
	std::vector<uint64_t> received, taken;
	for (const graze::Observation &observation : execution.observations()) {
		const std::string_view tag = observation.tag;
		if (tag == observed::kFrameReceived)
			received.push_back(observation.a);
		if (tag == observed::kFrameTaken)
			taken.push_back(observation.a);
	}
	Expect(execution, "frames received", frames, received.size());
	Expect(execution, "frames delivered", frames, CountOf(execution, observed::kFrameDelivered));
	if (received != taken)
		execution.Report("I-TEST", "frames are taken in the order in which they came");
}

TEST(CpumapV71, FlushesEightStagedFramesWhenTheNinthComes)
{
	ExpectHolds(
		[] {
			BootV71(FindGeneration("v7.1")->real);
			RunOnePoll([](void *map) { GRAZE_ASSERT(Poll(0, static_cast<bpf_map *>(map), 1, 9) == 9); }, 16);
		},
		[](graze::Execution &execution) {
			ExpectInOrder(execution, 9);
			std::vector<uint64_t> processed;
			for (const graze::Observation &observation : execution.observations()) {
				if (std::string_view(observation.tag) == observed::kTraceEnqueue)
					processed.push_back(observation.b);
			}
			if (processed != std::vector<uint64_t>{8, 1})
				execution.Report("I-TEST", "a flush of 8 frames, then one of 1");
		},
		500);
}

TEST(CpumapV71, DeliversTwentyFramesThroughARingThatZeroesSixteenSlotsAtOnce)
{
	ExpectHolds(
		[] {
			BootV71(FindGeneration("v7.1")->real);
			RunOnePoll([](void *map) { GRAZE_ASSERT(Poll(0, static_cast<bpf_map *>(map), 1, 20) == 20); }, 32);
		},
		[](graze::Execution &execution) { ExpectInOrder(execution, 20); }, 200);
}

TEST(CpumapV71, DropsWhatTheRingCannotTake)
{
	ExpectHolds(
		[] {
			BootV71({.bulk = 8, .batch = 1});
			RunOnePoll([](void *map) { GRAZE_ASSERT(Poll(0, static_cast<bpf_map *>(map), 1, 2) == 2); });
		},
		[](graze::Execution &execution) {
			const uint64_t delivered = CountOf(execution, observed::kFrameDelivered);
			Expect(execution, "frames delivered or returned", 2, delivered + CountOf(execution, observed::kFrameReturned));
			if (delivered == 0)
				execution.Report("I-TEST", "the first frame finds room");
		});
}

TEST(CpumapV71, LeavesAFrameWithoutRoomForItsHeaderToTheDriver)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll([](void *map) {
				PollBegin(0);
				GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 1, {.headroom = sizeof(kernel::xdp_frame) - 1}) == -EOVERFLOW);
				GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 1, {.headroom = sizeof(kernel::xdp_frame) + 7, .metasize = 8}) == -EOVERFLOW);
				GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 1, {.headroom = 256, .len = 64, .frame_sz = 256 + 64 + 319}) == -EOVERFLOW);
				PollEnd();
			});
		},
		[](graze::Execution &execution) { Expect(execution, "frames back with the driver", 3, CountOf(execution, observed::kFrameRecycled)); });
}

TEST(CpumapV71, AcceptsAFrameWhoseHeaderJustFits)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll([](void *map) {
				PollBegin(0);
				GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 1, {.headroom = sizeof(kernel::xdp_frame) + 8, .metasize = 8}) == 0);
				PollEnd();
			});
		},
		[](graze::Execution &execution) { Expect(execution, "frames delivered", 1, CountOf(execution, observed::kFrameDelivered)); });
}

TEST(CpumapV71, RefusesARedirectToAnEmptySlot)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll([](void *map) {
				PollBegin(0);
				GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 0) == -ENOENT);
				PollEnd();
			});
		},
		[](graze::Execution &execution) { Expect(execution, "frames staged", 0, CountOf(execution, observed::kFrameStaged)); });
}

TEST(CpumapV71, DropsWhatTheProgramDoesNotPass)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll(&PollOne, 1, ProgLoad([](kernel::xdp_buff *) -> u32 { return kernel::XDP_DROP; }));
		},
		[](graze::Execution &execution) {
			Expect(execution, "program runs", 1, CountOf(execution, observed::kProgRun));
			Expect(execution, "frames returned", 1, CountOf(execution, observed::kFrameReturned));
			Expect(execution, "frames delivered", 0, CountOf(execution, observed::kFrameDelivered));
		});
}

TEST(CpumapV71, DeliversWhatTheProgramPasses)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll(&PollOne, 1, ProgLoad([](kernel::xdp_buff *) -> u32 { return kernel::XDP_PASS; }));
		},
		[](graze::Execution &execution) { Expect(execution, "frames delivered", 1, CountOf(execution, observed::kFrameDelivered)); });
}

TEST(CpumapV71, DropsFramesOfAProgramThatRedirectsNowhere)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll(&PollOne, 1, ProgLoad([](kernel::xdp_buff *) -> u32 { return kernel::XDP_REDIRECT; }));
		},
		[](graze::Execution &execution) { Expect(execution, "frames returned", 1, CountOf(execution, observed::kFrameReturned)); });
}

TEST(CpumapV71, ReturnsFramesForWhichThereIsNoSkb)
{
	ExpectHolds(
		[] {
			BootV71({.bulk = 1, .batch = 1}, {.alloc_failures = 1});
			bpf_map *map = MapCreate({.max_entries = 2});
			if (map == nullptr)
				return;
			if (Update(map, 1, 1) == 0)
				kernel::task_join(kernel::task_run("driver", 0, &PollOne, map));
			Finish(map);
		},
		[](graze::Execution &execution) {
			Expect(execution, "ends of staged frames", CountOf(execution, observed::kFrameStaged),
			       CountOf(execution, observed::kFrameDelivered) + CountOf(execution, observed::kFrameReturned));
		});
}

// ---- skbs ----------------------------------------------------------------------------------------------------------------------------

TEST(CpumapV71, DeliversAnSkbBesideAFrameOfTheSamePoll)
{
	ExpectHolds(
		[] {
			BootV71({.bulk = 8, .batch = 8});
			RunOnePoll(
				[](void *map) {
					PollBegin(0);
					GRAZE_ASSERT(Receive(static_cast<bpf_map *>(map), 1) == 0);
					GRAZE_ASSERT(ReceiveGeneric(static_cast<bpf_map *>(map), 1) == 0);
					PollEnd();
				},
				2);
		},
		[](graze::Execution &execution) { Expect(execution, "packets delivered", 2, CountOf(execution, observed::kFrameDelivered)); });
}

TEST(CpumapV71, LeavesAnSkbThatFindsTheRingFullToItsSender)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll([](void *map) {
				PollBegin(0);
				GRAZE_ASSERT(ReceiveGeneric(static_cast<bpf_map *>(map), 1) == 0);
				const int error = ReceiveGeneric(static_cast<bpf_map *>(map), 1);
				GRAZE_ASSERT(error == 0 || error == -ENOSPC);
				PollEnd();
			});
		},
		[](graze::Execution &execution) {
			Expect(execution, "packets delivered or back with the driver", 2,
			       CountOf(execution, observed::kFrameDelivered) + CountOf(execution, observed::kFrameRecycled));
		});
}

// ---- traffic against replace, delete and small rings ----------------------------------------------------------------------------------

TEST(CpumapV71, DropsNoMoreThanTheExcessOverTheRingAndSometimesAllOfIt)
{
	static u32 size;
	static bool all_dropped;
	for (size = 1; size <= 3; ++size) {
		all_dropped = false;
		ExpectHolds(
			[] {
				BootV71({.bulk = 8, .batch = 8});
				RunOnePoll([](void *map) { Poll(0, static_cast<bpf_map *>(map), 1, size + 1); }, size);
			},
			[](graze::Execution &execution) {
				// The flush finds the ring empty, or finds more room where the kthread is quick.
				const uint64_t dropped = CountOf(execution, observed::kFrameReturned);
				if (dropped > 1)
					execution.Report("I-TEST", "more is dropped than does not fit");
				Expect(execution, "frames delivered", size + 1 - dropped, CountOf(execution, observed::kFrameDelivered));
				all_dropped = all_dropped || dropped == 1;
			});
		EXPECT_TRUE(all_dropped) << "a ring of " << size;
	}
}

TEST(CpumapV71, DeliversOrReturnsEveryFrameWhileItsEntryIsReplaced)
{
	ExpectHolds(
		[] {
			BootV71();
			bpf_map *map = MapCreate({.max_entries = 2});
			Update(map, 1, 1);
			const kernel::thread_id driver = kernel::task_run("driver", 0, &PollOne, map);
			Update(map, 1, 2);
			kernel::task_join(driver);
			Finish(map);
		},
		[](graze::Execution &execution) {
			Expect(execution, "frames delivered or returned", 1,
			       CountOf(execution, observed::kFrameDelivered) + CountOf(execution, observed::kFrameReturned));
		});
}

TEST(CpumapV71, DeliversThroughTheFlushWhatWasStagedWhenItsEntryWasDeleted)
{
	ExpectHolds(
		[] {
			BootV71();
			RunOnePoll([](void *map) {
				PollBegin(0);
				Receive(static_cast<bpf_map *>(map), 1);
				kernel::task_join(kernel::task_run("delete", -1, [](void *of) { Delete(static_cast<bpf_map *>(of), 1); }, map));
				PollEnd();
			});
		},
		[](graze::Execution &execution) { Expect(execution, "frames delivered", 1, CountOf(execution, observed::kFrameDelivered)); });
}

TEST(CpumapV71, FreesAMapRightAfterADelete)
{
	ExpectHolds([] {
		BootV71();
		bpf_map *map = MapCreate({.max_entries = 2});
		Update(map, 0, 1);
		Update(map, 1, 1);
		Delete(map, 1);
		Finish(map);
	});
}

// ---- what the counters say of programs ------------------------------------------------------------------------------------------------

struct ProgramSums {
	uint64_t pass = 0, drop = 0, redirect = 0;
};

ProgramSums SumsOf(const graze::Execution &execution)
{
	ProgramSums sums;
	for (const graze::Observation &observation : execution.observations()) {
		if (std::string_view(observation.tag) != observed::kTraceKthreadProg)
			continue;
		sums.pass += observation.a;
		sums.drop += observation.b;
		sums.redirect += observation.c;
	}
	return sums;
}

void ExpectSums(graze::Execution &execution, const ProgramSums &expected)
{
	const ProgramSums sums = SumsOf(execution);
	Expect(execution, "frames counted as passed", expected.pass, sums.pass);
	Expect(execution, "frames counted as dropped", expected.drop, sums.drop);
	Expect(execution, "frames counted as redirected", expected.redirect, sums.redirect);
}

TEST(CpumapV71, CountsEveryActionButPassAndRedirectAsADrop)
{
	static u32 action;
	for (action = kernel::XDP_ABORTED; action <= kernel::XDP_REDIRECT + 1; ++action) {
		ExpectHolds(
			[] {
				BootV71();
				RunOnePoll(&PollOne, 1, ProgLoad([](kernel::xdp_buff *) { return action; }));
			},
			[](graze::Execution &execution) {
				// The redirect names no target and fails, which is a drop, too.
				const uint64_t passed = action == kernel::XDP_PASS ? 1 : 0;
				ExpectSums(execution, {.pass = passed, .drop = 1 - passed, .redirect = 0});
				Expect(execution, "frames delivered", passed, CountOf(execution, observed::kFrameDelivered));
			});
	}
}

bpf_map *the_map;
u32 the_target;
[[maybe_unused]] const bool registered = [] {
	graze::RegisterGlobals(&the_map, sizeof(the_map), "the_map");
	return true;
}();

// A frame that comes for the second time is shorter.
u32 RedirectOnce(kernel::xdp_buff *xdp)
{
	if (xdp->data_end - xdp->data != static_cast<long>(PacketShape().len))
		return kernel::XDP_PASS;
	xdp->data_meta = ++xdp->data;
	return Booted().redirect->redirect_map(the_map, the_target, kernel::XDP_ABORTED, nullptr);
}

void RedirectFromKeyOne()
{
	BootV71();
	the_map = MapCreate({.max_entries = 2});
	const int fd = ProgLoad(&RedirectOnce, kernel::BPF_XDP_CPUMAP, the_map);
	Update(the_map, 1, 1, fd);
	if (the_target == 0)
		Update(the_map, 0, 1);
	kernel::task_join(kernel::task_run("driver", 0, &PollOne, the_map));
	ProgClose(fd);
	Delete(the_map, 1); // the program keeps the map alive
	MapPut(the_map);
}

TEST(CpumapV71, CountsAFrameThatAProgramRedirectsToItsOwnEntryTwice)
{
	the_target = 1;
	ExpectHolds(&RedirectFromKeyOne, [](graze::Execution &execution) {
		// The delete may come before the kthread looks the target up; then the frame is dropped.
		const uint64_t delivered = CountOf(execution, observed::kFrameDelivered);
		ExpectSums(execution, {.pass = delivered, .drop = 1 - delivered, .redirect = delivered});
		Expect(execution, "frames taken out of the ring", 1 + delivered, CountOf(execution, observed::kFrameTaken));
	});
}

TEST(CpumapV71, CountsAFrameThatAProgramRedirectsToAnotherEntryOnce)
{
	the_target = 0;
	ExpectHolds(&RedirectFromKeyOne, [](graze::Execution &execution) {
		ExpectSums(execution, {.pass = 0, .drop = 0, .redirect = 1});
		Expect(execution, "frames delivered", 1, CountOf(execution, observed::kFrameDelivered));
		Expect(execution, "frames taken out of the rings", 2, CountOf(execution, observed::kFrameTaken));
	});
}

} // namespace
} // namespace cpumap
