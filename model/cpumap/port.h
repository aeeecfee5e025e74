// SPDX-License-Identifier: GPL-2.0-only
// What the text of a port needs besides the kernel's names.
#ifndef MODEL_CPUMAP_PORT_H_
#define MODEL_CPUMAP_PORT_H_

#include <type_traits>

#include "model/cpumap/generations.h"

namespace cpumap {

// A constant of upstream that a scenario may reduce: as the size of an array it is the real one, in a statement the booted bound.
template <typename T, T kReal, unsigned Bounds::*kBound>
struct Bounded {
	constexpr operator T() const
	{
		return std::is_constant_evaluated() ? kReal : static_cast<T>(bounds.*kBound);
	}
};
#define BOUNDED(type, real, bound) (::cpumap::Bounded<type, real, &::cpumap::Bounds::bound>{})

} // namespace cpumap

// observe.cc hands the function to the table of generations.
#define subsys_initcall(fn) static int (*const initcall)() = fn

#endif // MODEL_CPUMAP_PORT_H_
