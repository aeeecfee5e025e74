// SPDX-License-Identifier: MIT
// A box for one letter, as an ordinary lock-free class over graze's atomics.
#ifndef CI_CONSUMER_MAILBOX_H_
#define CI_CONSUMER_MAILBOX_H_

#include <graze/graze.h>

class Mailbox {
 public:
  void Put(int letter, std::memory_order order = std::memory_order_release) {
    letter_ = letter;
    full_.store(true, order);
  }
  // REQUIRES: nobody takes out twice.
  int Take() {
    graze::await(full_, true, std::memory_order_acquire);
    return letter_;
  }
  // Does not wait, which is the mistake.
  int Peek() const { return letter_; }

 private:
  graze::plain<int> letter_{0};
  graze::atomic<bool> full_{false};
};

#endif  // CI_CONSUMER_MAILBOX_H_
