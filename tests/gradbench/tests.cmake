# Values and derivatives by hand: plain C++ that knows nothing of gradc.
file(GLOB reference_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/gradbench/reference/*.cpp)
add_library(gradbench_reference STATIC ${reference_sources})
target_link_libraries(gradbench_reference PUBLIC gradc_flags)
gradc_test(gradbench LINKS gradbench_reference compiler_support nlohmann_json::nlohmann_json fmt::fmt)
add_dependencies(test_gradbench gradc-gradbench)
