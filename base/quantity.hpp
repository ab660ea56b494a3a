// Physical quantities with their unit in the type.
//
// One double tagged by the exponents of (second, bit, flop, joule). Adding bits to seconds, or a
// bare number to seconds, does not compile; a rate times a duration is a size. Compilers emit the
// same instructions as for raw doubles. Numbers enter through named factories (`seconds(0.02)`) and
// leave through named readers (`in_seconds(d)`); nothing converts or prints by itself.
//
// Conventions: 1 byte = 8 bits; Mbit = 10^6 bits; a multiply-add is two flop; instants of simulated
// time are a Duration since the start of the run.
#pragma once

#include <cmath>
#include <compare>
#include <limits>

namespace edgecut::base {

template <int Second, int Bit, int Flop, int Joule>
class Quantity {
 public:
  constexpr Quantity() = default;
  /// For the factories below; `value` is in the coherent unit (s, bit, flop, J).
  static constexpr Quantity from_coherent(double value) { return Quantity(value); }
  [[nodiscard]] constexpr double coherent() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator-() const { return Quantity(-value_); }
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value_ + b.value_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value_ - b.value_);
  }
  friend constexpr Quantity operator*(Quantity a, double k) { return Quantity(a.value_ * k); }
  friend constexpr Quantity operator*(double k, Quantity a) { return Quantity(k * a.value_); }
  friend constexpr Quantity operator/(Quantity a, double k) { return Quantity(a.value_ / k); }

 private:
  explicit constexpr Quantity(double value) : value_(value) {}
  double value_ = 0;
};

template <int S1, int B1, int F1, int J1, int S2, int B2, int F2, int J2>
constexpr auto operator*(Quantity<S1, B1, F1, J1> a, Quantity<S2, B2, F2, J2> b) {
  if constexpr (S1 + S2 == 0 && B1 + B2 == 0 && F1 + F2 == 0 && J1 + J2 == 0) {
    return a.coherent() * b.coherent();
  } else {
    return Quantity<S1 + S2, B1 + B2, F1 + F2, J1 + J2>::from_coherent(a.coherent() * b.coherent());
  }
}

template <int S1, int B1, int F1, int J1, int S2, int B2, int F2, int J2>
constexpr auto operator/(Quantity<S1, B1, F1, J1> a, Quantity<S2, B2, F2, J2> b) {
  if constexpr (S1 == S2 && B1 == B2 && F1 == F2 && J1 == J2) {
    return a.coherent() / b.coherent();
  } else {
    return Quantity<S1 - S2, B1 - B2, F1 - F2, J1 - J2>::from_coherent(a.coherent() / b.coherent());
  }
}

template <int S, int B, int F, int J>
constexpr auto operator/(double k, Quantity<S, B, F, J> a) {
  return Quantity<-S, -B, -F, -J>::from_coherent(k / a.coherent());
}

using Duration = Quantity<1, 0, 0, 0>;
using Frequency = Quantity<-1, 0, 0, 0>;
using DataSize = Quantity<0, 1, 0, 0>;
using DataRate = Quantity<-1, 1, 0, 0>;
using Work = Quantity<0, 0, 1, 0>;
using Speed = Quantity<-1, 0, 1, 0>;
using Energy = Quantity<0, 0, 0, 1>;
using Power = Quantity<-1, 0, 0, 1>;
/// Radio energy for each bit sent (the alpha of Huang et al., MobiSys 2012).
using EnergyPerBit = Quantity<0, -1, 0, 1>;

constexpr Duration seconds(double value) { return Duration::from_coherent(value); }
constexpr Duration milliseconds(double value) { return Duration::from_coherent(value * 1e-3); }
constexpr Frequency per_second(double value) { return Frequency::from_coherent(value); }
constexpr DataSize bits(double value) { return DataSize::from_coherent(value); }
constexpr DataSize bytes(double value) { return DataSize::from_coherent(value * 8); }
constexpr DataRate bits_per_s(double value) { return DataRate::from_coherent(value); }
constexpr DataRate megabits_per_s(double value) { return DataRate::from_coherent(value * 1e6); }
constexpr Work flop(double value) { return Work::from_coherent(value); }
constexpr Speed flop_per_s(double value) { return Speed::from_coherent(value); }
constexpr Energy joules(double value) { return Energy::from_coherent(value); }
constexpr Energy watt_hours(double value) { return Energy::from_coherent(value * 3600); }
constexpr Power watts(double value) { return Power::from_coherent(value); }
constexpr EnergyPerBit joules_per_bit(double value) { return EnergyPerBit::from_coherent(value); }

constexpr double in_seconds(Duration d) { return d.coherent(); }
constexpr double in_milliseconds(Duration d) { return d.coherent() * 1e3; }
constexpr double in_per_second(Frequency f) { return f.coherent(); }
constexpr double in_bits(DataSize s) { return s.coherent(); }
constexpr double in_bytes(DataSize s) { return s.coherent() / 8; }
constexpr double in_bits_per_s(DataRate r) { return r.coherent(); }
constexpr double in_megabits_per_s(DataRate r) { return r.coherent() / 1e6; }
constexpr double in_flop(Work w) { return w.coherent(); }
constexpr double in_flop_per_s(Speed s) { return s.coherent(); }
constexpr double in_joules(Energy e) { return e.coherent(); }
constexpr double in_watts(Power p) { return p.coherent(); }
constexpr double in_joules_per_bit(EnergyPerBit e) { return e.coherent(); }

/// Later than every instant of a run.
inline constexpr Duration kForever = seconds(std::numeric_limits<double>::infinity());

template <int S, int B, int F, int J>
constexpr Quantity<S, B, F, J> max(Quantity<S, B, F, J> a, Quantity<S, B, F, J> b) {
  return a < b ? b : a;
}
template <int S, int B, int F, int J>
constexpr Quantity<S, B, F, J> min(Quantity<S, B, F, J> a, Quantity<S, B, F, J> b) {
  return b < a ? b : a;
}
template <int S, int B, int F, int J>
bool is_finite(Quantity<S, B, F, J> a) {
  return std::isfinite(a.coherent());
}

}  // namespace edgecut::base
