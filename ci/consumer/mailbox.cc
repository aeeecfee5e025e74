// SPDX-License-Identifier: MIT
#include "mailbox.h"

GRAZE_SCENARIO(MailboxTake, "one thread puts a letter into the box, another waits for it") {
  Mailbox box;
  graze::thread sender({.name = "sender"}, [&] { box.Put(7); });
  graze::thread receiver({.name = "receiver"}, [&] { GRAZE_ASSERT(box.Take() == 7); });
  sender.join();
  receiver.join();
}

GRAZE_SCENARIO(MailboxPeek, "the receiver reads the letter without waiting for it") {
  Mailbox box;
  graze::thread sender({.name = "sender"}, [&] { box.Put(7); });
  graze::thread receiver({.name = "receiver"}, [&] { (void)box.Peek(); });
  sender.join();
  receiver.join();
}
