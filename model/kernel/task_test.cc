// SPDX-License-Identifier: MIT
#include "model/kernel/task.h"

#include <set>

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/kthread.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/workqueue.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Shared;

struct object {
  rcu_head rcu;
  work_struct work;
};

void start_all() {
  object *const o = Shared<object>();
  call_rcu(&o->rcu, [](rcu_head *) {});
  INIT_WORK(&o->work, [](work_struct *) {});
  schedule_work(&o->work);
  kthread_stop(kthread_create([](void *) { return 0; }, nullptr, "cpumap/%d/map:%d", 1, 7));
}

TEST(ThreadNames, AreShortForTheFirstAndDifferForAll) {
  std::multiset<std::string> names;
  graze::Scenario scenario;
  scenario.name = "Test.Names";
  scenario.body = [](const graze::Variant &) {
    kernel_boot({});
    start_all();
    start_all();
    auto start = [](void *) { start_all(); };
    task_join(task_run("one", -1, start, nullptr));
    task_join(task_run("two", -1, start, nullptr));
  };
  scenario.at_end = [](const graze::Variant &variant, graze::Execution &execution) {
    auto *const into = static_cast<std::multiset<std::string> *>(const_cast<void *>(variant.arg));
    into->clear();
    for (const graze::ThreadView &each : execution.threads()) into->insert(each.name);
  };
  graze::Variant variant;
  variant.arg = &names;
  graze::Options options;
  options.executions_max = 1;
  graze::Explore(scenario, variant, options);
  for (const char *each : {"kthread cpumap/1", "kthread cpumap/1#2", "rcu callback", "rcu callback#2", "kworker", "kworker#2",
                           "kworker@two", "kthread cpumap/1@one"}) {
    EXPECT_EQ(names.count(each), 1u) << each;
  }
  for (const std::string &each : names) {
    EXPECT_TRUE(names.count(each) == 1) << each;
  }
}

struct stages {
  object o;
  plain<int> reached;
};

TEST(Quiescence, WaitsForWhatCallbacksAndWorkItemsStart) {
  EXPECT_VERIFIED(ExploreKernel([] {
    stages *const s = Shared<stages>();
    INIT_WORK(&s->o.work, [](work_struct *work) {
      call_rcu(&container_of(work, object, work)->rcu,
               [](rcu_head *head) { container_of(container_of(head, object, rcu), stages, o)->reached = 1; });
    });
    schedule_work(&s->o.work);
    wait_for_quiescence();
    GRAZE_ASSERT(s->reached == 1);
  }));
}

}  // namespace
}  // namespace kernel
