gradc_test(driver LINKS compiler_support nlohmann_json::nlohmann_json fmt::fmt)
add_dependencies(test_driver gradc)
