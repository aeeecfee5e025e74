// SPDX-License-Identifier: MIT
// A setting that readers look at under RCU: whoever replaces it waits for them before freeing the old one, or does not.
#include <graze/graze.h>
#include <graze/kernel/compiler.h>
#include <graze/kernel/config.h>
#include <graze/kernel/rcupdate.h>
#include <graze/kernel/slab.h>

namespace {

using namespace kernel;

struct setting {
  plain<int> value;
};

setting* NewSetting(int value) {
  setting* const made = kmalloc(sizeof(*made), GFP_KERNEL);
  made->value = value;
  return made;
}

void ReplaceWhileRead(void (*wait)()) {
  kernel_boot({});
  plain<setting*> current_setting{NewSetting(1)};
  graze::thread reader({.name = "reader", .cpu = 0}, [&] {
    rcu_read_lock();
    const int seen = rcu_dereference(current_setting)->value;
    rcu_read_unlock();
    GRAZE_ASSERT(seen == 1 || seen == 2);
  });
  setting* const old = rcu_dereference_protected(current_setting, true);
  rcu_assign_pointer(current_setting, NewSetting(2));
  wait();
  kfree(old);
  reader.join();
  kfree(rcu_dereference_protected(current_setting, true));
}

}  // namespace

GRAZE_SCENARIO(RcuReplace, "a setting is replaced, and the old one freed after a grace period") {
  ReplaceWhileRead([] { synchronize_rcu(); });
}

GRAZE_SCENARIO(RcuReplaceTooEarly, "a setting is replaced, and the old one freed at once") {
  ReplaceWhileRead([] {});
}
