// SPDX-License-Identifier: MIT
#include "checker/explore/schedule.h"

#include <cstdio>
#include <cstdlib>

#include "checker/base/varint.h"

namespace graze {
namespace internal {
namespace {

constexpr char kPrefix[] = "graze1";
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string EncodeBase64(const std::string& bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (size_t j = 0; j < 4; ++j) {
      if (i + j <= bytes.size()) out.push_back(kAlphabet[group >> (18 - 6 * j) & 63]);
    }
  }
  return out;
}

bool DecodeBase64(const std::string& text, std::string* bytes) {
  uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    uint32_t digit = 0;
    while (digit < 64 && kAlphabet[digit] != c) ++digit;
    if (digit == 64) return false;
    group = (group << 6 | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes->push_back(static_cast<char>(group >> bits));
    }
  }
  return text.size() % 4 != 1 && (group & ((1U << bits) - 1)) == 0;
}

// The separators of a token and blanks, so that it stays one word of a command line.
std::string Escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '%' || c == ' ' || static_cast<unsigned char>(c) < 33 || static_cast<unsigned char>(c) > 126) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += c == ' ' ? "+" : hex;
    } else {
      out += c == '+' ? std::string("%2b") : std::string(1, c);
    }
  }
  return out;
}

std::string Unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out.push_back(static_cast<char>(std::strtoul(text.substr(i + 1, 2).c_str(), nullptr, 16)));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::string EncodeSchedule(const Schedule& schedule) {
  std::string bytes;
  PutVarint(&bytes, schedule.threads.size());
  for (const auto& key : schedule.threads) {
    PutVarint(&bytes, key.size());
    for (const uint32_t ordinal : key) PutVarint(&bytes, ordinal);
  }
  // Runs of one thread, then the choices that are not the default, as (distance, choice).
  std::string choices;
  uint64_t runs = 0;
  uint64_t count = 0;
  size_t last = 0;
  std::string body;
  for (size_t i = 0; i < schedule.steps.size();) {
    size_t end = i;
    while (end < schedule.steps.size() && schedule.steps[end].thread == schedule.steps[i].thread) ++end;
    PutVarint(&body, schedule.steps[i].thread);
    PutVarint(&body, end - i);
    ++runs;
    i = end;
  }
  for (size_t i = 0; i < schedule.steps.size(); ++i) {
    if (schedule.steps[i].choice == 0) continue;
    PutVarint(&choices, i - last);
    PutVarint(&choices, schedule.steps[i].choice);
    last = i;
    ++count;
  }
  PutVarint(&bytes, runs);
  bytes += body;
  PutVarint(&bytes, count);
  return bytes + choices;
}

bool DecodeSchedule(const std::string& bytes, Schedule* schedule) {
  size_t at = 0;
  uint64_t threads = 0;
  if (!GetVarint(bytes, &at, &threads) || threads > 100'000) return false;
  for (uint64_t i = 0; i < threads; ++i) {
    uint64_t length = 0;
    if (!GetVarint(bytes, &at, &length) || length > 1'000) return false;
    schedule->threads.emplace_back();
    for (uint64_t j = 0; j < length; ++j) {
      uint64_t ordinal = 0;
      if (!GetVarint(bytes, &at, &ordinal) || ordinal > 100'000) return false;
      schedule->threads.back().push_back(static_cast<uint32_t>(ordinal));
    }
  }
  uint64_t runs = 0;
  if (!GetVarint(bytes, &at, &runs)) return false;
  for (uint64_t i = 0; i < runs; ++i) {
    uint64_t thread = 0;
    uint64_t length = 0;
    if (!GetVarint(bytes, &at, &thread) || !GetVarint(bytes, &at, &length) || thread >= threads || length > 1'000'000) return false;
    schedule->steps.insert(schedule->steps.end(), length, Schedule::Step{.thread = static_cast<uint32_t>(thread)});
    if (length == 0 || schedule->steps.size() > 1'000'000) return false;
  }
  uint64_t count = 0;
  uint64_t position = 0;
  if (!GetVarint(bytes, &at, &count)) return false;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t distance = 0;
    uint64_t choice = 0;
    if (!GetVarint(bytes, &at, &distance) || !GetVarint(bytes, &at, &choice) || choice > 0xffff'ffff) return false;
    position += distance;
    if (position >= schedule->steps.size()) return false;
    schedule->steps[position].choice = static_cast<uint32_t>(choice);
  }
  return at == bytes.size();
}

}  // namespace

std::string FormatToken(const TokenHeader& header, const Schedule& schedule) {
  char hash[32];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(header.trace_hash));
  return std::string(kPrefix) + ":" + Escape(header.scenario) + ":" + Escape(header.generation) + ":" + Escape(header.memory_model) + ":" +
         Escape(header.configuration) + ":" + (header.bounds.empty() ? "" : Escape(header.bounds) + ":") + hash + ":" +
         EncodeBase64(EncodeSchedule(schedule));
}

bool ParseToken(const std::string& token, TokenHeader* header, Schedule* schedule, std::string* error) {
  std::vector<std::string> parts(1);
  for (const char c : token) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  if (parts[0] != kPrefix) {
    *error = parts[0].compare(0, 5, "graze") == 0 && parts.size() > 1
                 ? "token of another version (" + parts[0] + "), this graze reads " + kPrefix
                 : "not a replay token (it begins with " + std::string(kPrefix) + ":)";
    return false;
  }
  header->bounds.clear();
  if (parts.size() == 8 && parts[5].find('=') != std::string::npos) {
    header->bounds = Unescape(parts[5]);
    parts.erase(parts.begin() + 5);
  }
  if (parts.size() != 7) {
    *error = "the token has " + std::to_string(parts.size()) + " parts instead of 7 (was it cut off?)";
    return false;
  }
  header->scenario = Unescape(parts[1]);
  header->generation = Unescape(parts[2]);
  header->memory_model = Unescape(parts[3]);
  header->configuration = Unescape(parts[4]);
  header->trace_hash = std::strtoull(parts[5].c_str(), nullptr, 16);
  if (parts[5].size() != 16 || parts[5].find_first_not_of("0123456789abcdef") != std::string::npos) {
    *error = "the trace hash in the token is damaged";
    return false;
  }
  std::string bytes;
  if (!DecodeBase64(parts[6], &bytes) || !DecodeSchedule(bytes, schedule)) {
    *error = "the schedule in the token is damaged (was it cut off?)";
    return false;
  }
  return true;
}

}  // namespace internal

bool ParseTokenHeader(const std::string& token, TokenHeader* header, std::string* error) {
  internal::Schedule schedule;
  return internal::ParseToken(token, header, &schedule, error);
}

}  // namespace graze
