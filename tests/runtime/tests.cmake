gradc_test(runtime LINKS runtime)
target_sources(test_runtime PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/runtime/abi_c99.c)
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/runtime/abi_c99.c PROPERTIES COMPILE_OPTIONS "-std=c99;-pedantic-errors;-Wall")
