#include "results/plot.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/file.hpp"
#include "results/output_folder.hpp"

namespace edgecut::results {
namespace {

namespace fs = std::filesystem;

// A folder of the test's own, removed with everything in it.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("edgecut-plot-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

Plot latency_plot() {
  PlotSeries mean{"mean of 'a_b' & <c>", {{1, 10, std::pair{8.0, 13.0}}, {2, 20, {}}}};
  PlotSeries p95{"p95", {{1, 40, {}}, {2, 80, {}}}, PlotStyle::kBars};
  return {{{"Latency", {"rate, 1/s", true}, {"latency, ms"}, {mean, p95}},
           {"Load", {"rate, 1/s"}, {"utilisation"}, {{"", {{1, 0.5, {}}, {2, 0.9, {}}}}}}}};
}

std::string error_of(const Plot& plot, const fs::path& path) {
  try {
    write_plot(plot, path);
  } catch (const OutputError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a plot becomes an SVG file with every title and label as it was written") {
  const Folder folder;
  write_plot(latency_plot(), folder / "plot.svg");
  const std::string svg = base::read_file(folder / "plot.svg", 1U << 22U);
  CHECK(svg.starts_with("<?xml"));
  for (const std::string text : {"Latency", "latency, ms", "rate, 1/s", "utilisation", "p95",
                                 "mean of 'a_b' &amp; &lt;c>"}) {
    CAPTURE(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  CHECK(folder.size() == 1);
}

TEST_CASE("a plot becomes a PNG file, the same bytes each time") {
  const Folder folder;
  write_plot(latency_plot(), folder / "a.png");
  write_plot(latency_plot(), folder / "b.png");
  const std::string png = base::read_file(folder / "a.png", 1U << 22U);
  CHECK(png.substr(1, 3) == "PNG");
  CHECK(png == base::read_file(folder / "b.png", 1U << 22U));
}

TEST_CASE("a script has a point's interval beside it and a gap where a value is missing") {
  Plot plot = latency_plot();
  plot.panels[0].series[0].points.push_back({3, std::nan(""), {}});
  const std::string script = plot_script(plot, "svg");
  CHECK(script.find("\n1 10 8 13\n2 20 20 20\n\nEOD\n") != std::string::npos);
  CHECK(script.find("set logscale x\n") != std::string::npos);
  CHECK(script.find("set multiplot layout 2,1\n") != std::string::npos);
}

TEST_CASE("a title that is wider than the plot goes on in another line, a long word is shortened") {
  Plot plot = latency_plot();
  plot.width_px = 450;  // 50 characters
  plot.panels[0].title = "/a/folder/" + std::string(60, 'x') + "/trace's.csv (csv): mean 2 Mbit/s";
  const std::string script = plot_script(plot, "svg");
  const std::string start = "/a/folder/xx";  // a quarter
  const std::string end = std::string(50 - 12 - 3 - 12, 'x') + "/trace''s.csv";
  CAPTURE(script);
  CHECK(script.find("set title '" + start + "..." + end + "'.\"\\n\".'(csv): mean 2 Mbit/s'\n") !=
        std::string::npos);
  CHECK(script.find("set title 'Load'\n") != std::string::npos);
  CHECK(draw_plot(plot, "p.svg").find(">(csv): mean 2 Mbit/s<") != std::string::npos);
}

TEST_CASE("categories stand at their places on an axis") {
  Plot plot = latency_plot();
  plot.panels[0].x.names = {{1, "cloud-only"}, {2, "it's"}};
  CHECK(plot_script(plot, "svg").find("set xtics ('cloud-only' 1, 'it''s' 2)\n") !=
        std::string::npos);
}

TEST_CASE("a plot with another extension is refused by name") {
  CHECK(error_of(latency_plot(), "plot.pdf") == "plot.pdf: a plot ends in .svg or .png");
  CHECK_THROWS_AS(check_plot_path("plot"), OutputError);
  CHECK_NOTHROW(check_plot_path("plot.png"));
}

TEST_CASE("what gnuplot refuses is told with its words, and leaves no file") {
  const Folder folder;
  Plot plot = latency_plot();
  plot.panels = {{"", {""}, {""}, {{"nothing", {{1, std::nan(""), {}}}}}}};
  const std::string error = error_of(plot, folder / "plot.svg");
  CAPTURE(error);
  CHECK(error.find("gnuplot failed: ") != std::string::npos);
  CHECK(error.size() > std::string("gnuplot failed: ").size() + 10);
  CHECK(folder.size() == 0);
}

TEST_CASE("without gnuplot one clear error names the program, and there is no file") {
  const Folder folder;
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const std::string error = error_of(latency_plot(), folder / "plot.svg");
  setenv("PATH", path.c_str(), 1);
  CAPTURE(error);
  CHECK(error.find("plots need the program gnuplot") != std::string::npos);
  CHECK(folder.size() == 0);
}

TEST_CASE("a folder that does not exist is told as such") {
  CHECK(error_of(latency_plot(), "/nonexistent-folder/plot.svg").find("/nonexistent-folder") !=
        std::string::npos);
}

}  // namespace
}  // namespace edgecut::results
