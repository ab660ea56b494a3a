// The readers of trace formats, one file a family; platforms/trace_formats.cpp has the table.
//
// `matches`: whether a file that begins with these data lines (up to 64) may be this format; may be
// generous, since detection asks in the order of the table. `read`: rows to segments. Damage goes
// to `damaged` and leaves the row out; a reader throws ConfigError only when nothing can be read.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "platforms/trace_formats.hpp"
#include "platforms/trace_segments.hpp"
#include "platforms/trace_text.hpp"

namespace edgecut::platforms {

/// What a reader works on.
struct TraceInput {
  TraceText& text;
  const TraceReadOptions& options;
  DamagedRows& damaged;
  const SegmentSink& sink;
};

bool is_sabre(const TraceHead& head);
void read_sabre(const TraceInput& input);

bool is_ucc(const TraceHead& head);
void read_ucc(const TraceInput& input);
bool is_lumos(const TraceHead& head);
void read_lumos(const TraceInput& input);
bool is_columns(const TraceHead& head);
void read_columns(const TraceInput& input);

bool is_mahimahi(const TraceHead& head);
void read_mahimahi(const TraceInput& input);

bool is_ghent(const TraceHead& head);
void read_ghent(const TraceInput& input);
bool is_hsdpa(const TraceHead& head);
void read_hsdpa(const TraceInput& input);
bool is_iperf(const TraceHead& head);
void read_iperf(const TraceInput& input);

bool is_bytes(const TraceHead& head);
void read_bytes(const TraceInput& input);
/// Begins the profiles that are written here, whose loop rule is at their end: a comment to
/// SimGrid.
inline constexpr std::string_view kProfileMark = "% SimGrid profile";
bool is_simgrid(const TraceHead& head);
void read_simgrid(const TraceInput& input);
bool is_cooked(const TraceHead& head);
void read_cooked(const TraceInput& input);
bool is_pairs(const TraceHead& head);
void read_pairs(const TraceInput& input);

// Shared limits and checks. The check adds to `damaged` for the line under work and returns nothing
// when the field is no number in [0, max].

inline constexpr double kStampMaxS = 1e12;  // Unix time passes, and 0.1 ms is still told apart

struct FieldUnit {
  std::string_view field;  // "time", "rate"
  std::string_view unit;   // "s", "Mbit/s"
  double max;
};
std::optional<double> checked_number(const TraceInput& input, std::string_view text,
                                     const FieldUnit& unit);
/// Whether a stamp may follow the last one; tells it when not.
bool is_in_order(const TraceInput& input, double time_s, const std::optional<double>& last_s);

}  // namespace edgecut::platforms
