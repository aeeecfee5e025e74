// SPDX-License-Identifier: MIT
#include "checker/litmus/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace graze::litmus {
namespace {

constexpr char kGood[] = R"(C name-of-the-test
"a quoted text" Com=Rf Fr
(* a comment (* with another inside *) { *)
{
  int x = 1; y=0x10; int *p = &x; q=y; atomic_t a = ATOMIC_INIT(-3);
  spinlock_t l; struct srcu_struct s; int arr[2] = {4, 5}; 0:r7=x; int 1:r8 = 9; [z]=2;
}

P0(int *x, int **p, atomic_t *a, spinlock_t *l, struct srcu_struct *s) // a comment
{
  int r0, *r1 = READ_ONCE(*p);
  unsigned long r2 = 010 + 0xffUL; /* another */
  if (r2 != (int)r1 && !r0 || ~r2 < -1)
    WRITE_ONCE(*x, r0 ? 1 : 2);
  else if (r0) { spin_lock(l); } else { }
  while (r0 < 3) r0 += 1;
  *x = *x + 1;
  (void)atomic_inc_return(a);
  r3 = srcu_read_lock(s);
  srcu_read_unlock(s, r3);
}

P1(int *x) { r8++; }

locations [x; 0:r0; P1:r8; arr[1];]
filter (0:r0=1 \/ x!=2)
~exists (0:r0=1 /\ (1:r8==9 \/ ~x=3) /\ q=y => not (true \/ false) /\ p=&x)
)";

std::unique_ptr<LitmusTest> Read(const std::string& text, ParseError* error) { return Parse(text, "some/where.litmus", error); }

// The one line that a test which cannot be read gets.
std::string Complaint(const std::string& text) {
  ParseError error;
  if (Read(text, &error) != nullptr) return "fine";
  return std::to_string(error.line) + ": " + error.reason;
}

std::string OfProcess(const std::string& code) { return "C t\n{}\nP0(int *x) {\n" + code + "\n}\nexists (x=1)\n"; }

TEST(LitmusParse, EverythingThatATestMayConsistOfIsRead) {
  ParseError error;
  const std::unique_ptr<LitmusTest> test = Read(kGood, &error);
  ASSERT_NE(test, nullptr) << error.line << ": " << error.reason;
  EXPECT_EQ(test->name, "name-of-the-test");
  EXPECT_EQ(test->processes.size(), 2u);
  EXPECT_TRUE(test->loops);
  EXPECT_TRUE(test->has_filter);
  EXPECT_EQ(test->quantifier, Quantifier::kNotExists);
}

TEST(LitmusParse, InitialValuesAreNumbersAddressesAndArrays) {
  ParseError error;
  const std::unique_ptr<LitmusTest> test = Read(kGood, &error);
  ASSERT_NE(test, nullptr);
  const auto value = [&](const std::string& name) {
    for (const LocationInfo& location : test->locations) {
      if (location.name == name) return test->ValueText(location.initial);
    }
    return std::string("none");
  };
  EXPECT_EQ(value("x"), "1");
  EXPECT_EQ(value("y"), "16");
  EXPECT_EQ(value("p"), "x");
  EXPECT_EQ(value("q"), "y");
  EXPECT_EQ(value("a"), "-3");
  EXPECT_EQ(value("arr"), "4");
  EXPECT_EQ(value("arr[1]"), "5");
  EXPECT_EQ(value("z"), "2");
  const Process& p0 = *test->processes[0];
  EXPECT_EQ(test->ValueText(p0.registers[p0.FindRegister("r7")].initial), "x");
  const Process& p1 = *test->processes[1];
  EXPECT_EQ(p1.registers[p1.FindRegister("r8")].initial, 9);
}

TEST(LitmusParse, TheConditionAndTheLocationsMakeUpTheState) {
  ParseError error;
  const std::unique_ptr<LitmusTest> test = Read(kGood, &error);
  ASSERT_NE(test, nullptr);
  std::string names;
  for (const Operand& operand : test->observed) names += test->NameOf(operand) + " ";
  EXPECT_EQ(names, "x 0:r0 1:r8 arr[1] q p ");
}

TEST(LitmusParse, ABraceOrAStarInTheHeaderOrInAConditionIsNoTrouble) {
  EXPECT_EQ(Complaint("C t\nGenerator=diy (7)\n{x=1;}\nP0(int *x) { (*x) = 1; }\nexists (0:r=*x)"), "fine");
}

TEST(LitmusParse, TheFirstMistakeIsNamedWithItsLine) {
  EXPECT_EQ(Complaint("X86 t\n{}"), "1: this is no litmus test in C: its first line has to be 'C' and a name");
  EXPECT_EQ(Complaint(""), "1: this is no litmus test in C: its first line has to be 'C' and a name");
  EXPECT_EQ(Complaint("C t\n"), "2: the test ends before its initial state; '{' is missing");
  EXPECT_EQ(Complaint("C t\n{ x=1 "), "2: expected ';' after an initial value, but the file ends");
  EXPECT_EQ(Complaint("C t\n{}\nexists (x=1)"), "3: expected a process, but 'exists' stands here");
  EXPECT_EQ(Complaint("C t\n{}\nP1(int *x) {}"), "3: expected process P0, but 'P1' stands here");
  EXPECT_EQ(Complaint("C t\n{}\nP0(int x) {}"), "3: the parameter 'x' is no pointer; the parameters of a process are the shared locations");
  EXPECT_EQ(Complaint(OfProcess("int r0 = 1\nr1 = 2;")), "5: expected ';' after a declaration, but 'r1' stands here");
  EXPECT_EQ(Complaint(OfProcess("smp_memb();")), "4: 'smp_memb' is no primitive of the kernel's litmus tests");
  EXPECT_EQ(Complaint(OfProcess("WRITE_ONCE(*x);")), "4: WRITE_ONCE takes 2 arguments, not 1");
  EXPECT_EQ(Complaint(OfProcess("WRITE_ONCE(x, 1);")), "4: the first argument of WRITE_ONCE has to be '*pointer'");
  EXPECT_EQ(Complaint(OfProcess("\nfor (;;) { }")), "5: 'for' is not supported; a litmus test has if, else and while");
  EXPECT_EQ(Complaint(OfProcess("r0 = x->next;")), "4: members of structures are not supported");
  EXPECT_EQ(Complaint(OfProcess("r0 = 99999999999999999999;")), "4: '99999999999999999999' is no number that fits into 64 bits");
  EXPECT_EQ(Complaint(OfProcess("r0 = 1; /* never ends")), "4: a comment begins here and never ends");
  EXPECT_EQ(Complaint(OfProcess("r0 = 1.5;")), "4: '1.' begins no whole number");
  EXPECT_EQ(Complaint(OfProcess("if (*x) {\n*x = 1;")), "7: expected '}' after the code of P0, but 'exists' stands here");
  EXPECT_EQ(Complaint("C t\n{}\nP0(int *x) { }\nexists ()"), "4: expected a location, a register or a number, but ')' stands here");
  EXPECT_EQ(Complaint(OfProcess("r0 = smp_mb();")), "4: smp_mb returns nothing");
  EXPECT_EQ(Complaint(OfProcess("1 = 2;")), "4: only a variable or '*pointer' can be assigned to");
  EXPECT_EQ(Complaint(OfProcess("r0 = &r1;")),
            "4: '&' has no meaning here: parameters are addresses already, and local variables have none");
  EXPECT_EQ(Complaint("C t\n{}\nP0(int *x) { }\nexists (1:r0=1)"), "4: there is no process 1");
  EXPECT_EQ(Complaint("C t\n{1:r0=1;}\nP0(int *x) { }\nexists (x=1)"), "2: there is no process 1");
  EXPECT_EQ(Complaint("C t\n{}\nP0(int *x) { }\nexists (x=1) and more"), "4: expected the end of the test, but 'and' stands here");
  EXPECT_EQ(Complaint("C t\n{x=1; x=2;}\nP0(int *x) { }"), "2: 'x' has two initial values");
  EXPECT_EQ(Complaint("C t\n{0:r0=1;\n0:r1=1; 0:r0=1;}\nP0(int *x) { }"), "2: '0:r0' has two initial values");
  EXPECT_EQ(Complaint("C t\n{y=1;\n0:x=y;}\nP0(int *x, int *y) { }"), "3: '0:x' is a parameter of P0, which is the address of 'x'");
}

TEST(LitmusParse, WhatIsCutOffAnywhereGetsOneLineOrIsWhole) {
  const std::string text = kGood;
  for (size_t length = 0; length <= text.size(); ++length) {
    const std::string complaint = Complaint(text.substr(0, length));
    EXPECT_EQ(complaint.find('\n'), std::string::npos);
  }
}

TEST(LitmusParse, AnyByteInAnyPlaceIsEitherReadOrRefused) {
  const std::string text = kGood;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'\0', '(', ')', '}', '{', '*', '"', '\xff', '~', '1', ';', '/'}) {
      std::string changed = text;
      changed[at] = c;
      EXPECT_EQ(Complaint(changed).find('\n'), std::string::npos);
    }
  }
}

TEST(LitmusParse, NestingIsBounded) {
  const std::string deep(100'000, '(');
  EXPECT_EQ(Complaint(OfProcess("r0 = " + deep + ";")), "4: nested more than 200 levels deep");
  EXPECT_EQ(Complaint(OfProcess("r0 = " + std::string(100'000, '!') + "1;")), "4: nested more than 200 levels deep");
  EXPECT_EQ(Complaint(OfProcess(std::string(100'000, '{'))), "4: nested more than 200 levels deep");
  EXPECT_EQ(Complaint("C t\n{}\nP0(int *x) { }\nexists " + deep), "4: nested more than 200 levels deep");
}

}  // namespace
}  // namespace graze::litmus
