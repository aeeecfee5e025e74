// SPDX-License-Identifier: MIT
// Handing plain data to another thread with a flag. Verified: the flag orders the data.
#include "checker/api/graze.h"

GRAZE_SCENARIO(MessagePassing, "a producer fills a message and raises a flag, a consumer waits for the flag and reads") {
  graze::plain<int> message{0};
  graze::atomic<bool> ready{false};

  graze::thread producer({.name = "producer"}, [&] {
    message = 42;
    ready.store(true, std::memory_order_release);
  });
  graze::thread consumer({.name = "consumer"}, [&] {
    graze::await(ready, true, std::memory_order_acquire);
    GRAZE_ASSERT(message == 42);
  });
  producer.join();
  consumer.join();
}
