# The generator of random programs, for the tests that run them.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/random/*.cpp)
add_library(random_programs STATIC ${sources})
target_link_libraries(random_programs PRIVATE gradc_flags)
