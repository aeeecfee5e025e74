// SPDX-License-Identifier: MIT
// The little text work that reports need.
#ifndef CHECKER_BASE_STRINGS_H_
#define CHECKER_BASE_STRINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graze {

inline std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

// 1234567 -> "1,234,567".
inline std::string WithCommas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

// At most `width` characters; what is cut off is marked.
inline std::string Clip(std::string_view text, size_t width) {
  if (text.size() <= width) return std::string(text);
  if (width <= 3) return std::string(text.substr(0, width));
  return std::string(text.substr(0, width - 3)) + "...";
}

inline std::string PadRight(std::string_view text, size_t width) {
  std::string padded(text);
  if (padded.size() < width) padded.append(width - padded.size(), ' ');
  return padded;
}

inline std::string PadLeft(std::string_view text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + std::string(text) : std::string(text);
}

// "1 execution", "2 executions"; `plural` only where an s is not enough.
inline std::string Count(uint64_t number, std::string_view noun, std::string_view plural = "") {
  std::string text = WithCommas(number) + " ";
  if (number == 1) return text + std::string(noun);
  return text + (plural.empty() ? std::string(noun) + "s" : std::string(plural));
}

// The last component of a path.
inline std::string BaseName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// One line: control characters, which would spoil a table, become blanks.
inline std::string OneLine(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return line;
}

}  // namespace graze

#endif  // CHECKER_BASE_STRINGS_H_
