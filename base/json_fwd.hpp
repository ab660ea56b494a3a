// Names of the JSON reader's classes, for headers that only pass them on: nlohmann/json.hpp costs
// each file that includes it two seconds of compiling.
#pragma once

namespace edgecut::base {

class JsonDocument;
class JsonObject;
class JsonValue;

}  // namespace edgecut::base
