#include "scenarios/shared_inputs.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using edgecut::testing::TempFolder;
using scenarios::SharedInputs;

namespace {

std::string read(const TempFolder& folder, const std::string& name) {
  return base::read_file(folder.path() / name, 1000);
}

}  // namespace

TEST_CASE("a fingerprint is that of the published XXH3, however the bytes are cut") {
  // xxHash's own test vector: XXH3_128bits of nothing, seed 0.
  CHECK(base::hash_of("").hex() == "99aa06d3014798d86001c324468d497f");
  base::ContentHasher hasher;
  hasher.add("ab");
  hasher.add("c");
  CHECK(hasher.hash() == base::hash_of("abc"));
  CHECK(base::hash_of("abc") != base::hash_of("abd"));
  base::ContentHasher one;
  base::ContentHasher other;
  one.add_field("ab");
  one.add_field("c");
  other.add_field("a");
  other.add_field("bc");
  CHECK(one.hash() != other.hash());
}

TEST_CASE("files that are read in a scope are noted in it and in those around it") {
  const TempFolder folder;
  folder.write("a", "alpha");
  folder.write("b", "beta");
  const base::FileReads outer;
  read(folder, "a");
  {
    const base::FileReads inner;
    read(folder, "b");
    REQUIRE(inner.list().size() == 1);
    CHECK(inner.list()[0].path == folder.path() / "b");
    CHECK(inner.list()[0].hash == base::hash_of("beta"));
  }
  base::FileReads::note_streamed(folder.path() / "a");
  REQUIRE(outer.list().size() == 3);
  CHECK(outer.list()[0].hash == base::hash_of("alpha"));
  CHECK(outer.list()[1].hash == base::hash_of("beta"));
  CHECK(outer.list()[2].hash == base::hash_of("alpha"));
}

TEST_CASE("a shared value is made once, and whoever gets it knows the files behind it") {
  const TempFolder folder;
  folder.write("a", "alpha");
  SharedInputs inputs;
  int made = 0;
  for (int use = 0; use < 3; ++use) {
    const base::FileReads reads;
    const auto value = inputs.get<std::string>("text", {"a"}, [&] {
      ++made;
      return read(folder, "a");
    });
    CHECK(*value == "alpha");
    REQUIRE(reads.list().size() == 1);
    CHECK(reads.list()[0].hash == base::hash_of("alpha"));
  }
  CHECK(made == 1);
}

TEST_CASE("values of other kinds and other parts are other values") {
  SharedInputs inputs;
  const auto get = [&](const std::string& kind, std::vector<std::string> parts, int value) {
    return *inputs.get<int>(kind, std::move(parts), [&] { return value; });
  };
  CHECK(get("x", {"a", "b"}, 1) == 1);
  CHECK(get("x", {"ab"}, 2) == 2);
  CHECK(get("y", {"a", "b"}, 3) == 3);
  CHECK(get("x", {"a", "b"}, 4) == 1);
}

TEST_CASE("a value that could not be made is tried again") {
  SharedInputs inputs;
  const auto fail = []() -> int { throw std::runtime_error("no"); };
  CHECK_THROWS_AS(inputs.get<int>("x", {}, fail), std::runtime_error);
  CHECK(*inputs.get<int>("x", {}, [] { return 5; }) == 5);
}

TEST_CASE("what was used longest ago goes when files exceed the bound") {
  const TempFolder folder;
  const std::size_t size = 900;
  folder.write("big", std::string(size, 'x'));
  const std::uintmax_t each = size + 4096;  // as an entry counts
  SharedInputs inputs(3 * each);
  int made = 0;
  const auto use = [&](int number) {
    inputs.get<std::string>("text", {std::to_string(number)}, [&] {
      ++made;
      return read(folder, "big");
    });
  };
  for (const int number : {1, 2, 3, 1, 4}) {
    use(number);  // the fourth drives out the second, not the first
  }
  CHECK(inputs.size() == 3);
  CHECK(made == 4);
  use(1);
  CHECK(made == 4);
  use(2);
  CHECK(made == 5);
  for (int number = 0; number < 1000; ++number) {
    use(number);
  }
  CHECK(inputs.size() == 3);
}
